// Reloads the page of a running import every 2 seconds. Without this script a link reloads it.
(() => {
  "use strict";
  if (document.querySelector("[data-refresh]")) {
    setTimeout(() => location.reload(), 2000);
  }
})();

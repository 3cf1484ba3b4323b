// Looks again how far an import has come. Without it there is a link that does the same.
(() => {
  "use strict";
  if (document.querySelector("[data-refresh]")) {
    setTimeout(() => location.reload(), 2000);
  }
})();

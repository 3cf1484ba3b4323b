/* A form whose link works once is sent once: a double click would abandon the first
   answer, and with it the session in which the link was used. */
(function () {
  "use strict";
  document.querySelectorAll("form[data-submit-once]").forEach(function (form) {
    var isSent = false;
    form.addEventListener("submit", function (event) {
      if (isSent) event.preventDefault();
      isSent = true;
    });
    // The Back button shows the page as it was left.
    window.addEventListener("pageshow", function () {
      isSent = false;
    });
  });
})();

/* Forms reached by a one-time link are submitted only once: a double click would discard the
   first response, and with it the session in which the link was used. */
(function () {
  "use strict";
  document.querySelectorAll("form[data-submit-once]").forEach(function (form) {
    var isSent = false;
    form.addEventListener("submit", function (event) {
      if (isSent) event.preventDefault();
      isSent = true;
    });
    // The Back button restores the page with isSent still set.
    window.addEventListener("pageshow", function () {
      isSent = false;
    });
  });
})();

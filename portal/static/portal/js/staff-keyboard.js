/* Ctrl+S, on a Mac Command+S, saves the form and stays on the page. */
(function () {
  "use strict";
  var button = document.querySelector("form input[name=_continue]");
  if (!button) return;
  var note = document.querySelector("[data-save-shortcut]");
  if (note) note.hidden = false;

  document.addEventListener("keydown", function (event) {
    var isSave = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!isSave || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    // A key that is held down saves once.
    if (!event.repeat) button.click();
  });
})();

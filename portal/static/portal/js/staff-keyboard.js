/* Shortcuts in the form of a record: Ctrl+S, on a Mac Command+S, saves it and stays on the
   page; Alt + Page Up and Alt + Page Down open the record before and after it. */
(function () {
  "use strict";
  var button = document.querySelector("form input[name=_continue]");
  var note = document.querySelector("[data-save-shortcut]");
  if (button && note) note.hidden = false;

  function save(event) {
    event.preventDefault();
    // A key that is held down saves once.
    if (!event.repeat) button.click();
  }

  function openNeighbour(event, rel) {
    var link = document.querySelector(".object-tools a[rel=" + rel + "]");
    if (!link) return;
    event.preventDefault();
    link.click();
  }

  document.addEventListener("keydown", function (event) {
    var isCommand = event.ctrlKey || event.metaKey;
    if (event.shiftKey || isCommand === event.altKey) return;
    if (isCommand && button && event.key.toLowerCase() === "s") save(event);
    if (event.altKey && event.key === "PageUp") openNeighbour(event, "prev");
    if (event.altKey && event.key === "PageDown") openNeighbour(event, "next");
  });
})();

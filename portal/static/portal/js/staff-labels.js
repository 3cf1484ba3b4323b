/* Labels the search inputs of select2, which have no accessible name, like their field. */
(function () {
  "use strict";

  function name(box) {
    var open = document.querySelector(".select2-container--open");
    var container = box.closest(".select2-container--default, .select2-container") || open;
    var select = container && container.previousElementSibling;
    if (!select || !select.labels) select = open && open.previousElementSibling;
    var label = select && select.labels && select.labels[0];
    if (label) box.setAttribute("aria-label", label.textContent.trim().replace(/[:：]$/, ""));
  }

  function nameAll() {
    document.querySelectorAll(".select2-search__field:not([aria-label])").forEach(name);
  }

  // select2 creates the inputs when the page is ready, when a row is added and when a list opens.
  document.addEventListener("DOMContentLoaded", function () {
    nameAll();
    new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
  });
  // The dropdown's input is shared by all fields: set its name again on each focus.
  document.addEventListener("focusin", function (event) {
    if (event.target.matches(".select2-search__field")) name(event.target);
  });
})();

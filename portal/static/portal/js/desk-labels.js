/* The boxes in which rows are looked up are made by a script that gives them no name:
   each is called as the field that it belongs to. */
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

  // They are made once the page is ready, with each row added, and when a list opens.
  document.addEventListener("DOMContentLoaded", function () {
    nameAll();
    new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
  });
  // That of a list that opens is one for all of them.
  document.addEventListener("focusin", function (event) {
    if (event.target.matches(".select2-search__field")) name(event.target);
  });
})();

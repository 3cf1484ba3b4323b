/* Names the controls that select2 and Django's inlines create without an accessible name. */
(function () {
  "use strict";

  /* Returns the label of a control; in a table, the heading of its column. */
  function labelOfControl(control) {
    var cell = control.closest(".tabular td");
    if (control.labels && control.labels[0]) return control.labels[0];
    return cell && cell.closest("table").tHead.rows[0].cells[cell.cellIndex];
  }

  function labelOf(container) {
    var select = container && container.previousElementSibling;
    return select && labelOfControl(select);
  }

  function textOf(label) {
    return label.textContent.trim().replace(/[:：]$/, "");
  }

  /* Labels a search input like its field. */
  function name(box) {
    var container = box.closest(".select2-container--default, .select2-container");
    var label = labelOf(container) || labelOf(document.querySelector(".select2-container--open"));
    if (label) box.setAttribute("aria-label", textOf(label));
  }

  /* Names a select box by its field and its value. */
  function nameBox(box) {
    var label = labelOf(box.closest(".select2-container"));
    var value = box.querySelector("[role=textbox]");
    if (!label || !value) return;
    value.setAttribute("aria-label", textOf(label));
    label.id = label.id || value.id + "-label";
    box.setAttribute("aria-labelledby", label.id + " " + value.id);
  }

  function nameAll() {
    document.querySelectorAll(".select2-search__field:not([aria-label])").forEach(name);
    document
      .querySelectorAll(".select2-selection--single:not([aria-labelledby*=' '])")
      .forEach(nameBox);
    document
      .querySelectorAll(
        ".tabular td input:not([type=hidden], [aria-label]), .tabular td select:not([aria-label]), .tabular td textarea:not([aria-label])",
      )
      .forEach(function (control) {
        var label = labelOfControl(control);
        if (label && label.matches("th")) control.setAttribute("aria-label", textOf(label));
      });
    // The button that empties a select box is in a list.
    document.querySelectorAll("ul > .select2-selection__clear:not([role])").forEach(function (clear) {
      clear.setAttribute("role", "listitem");
    });
    // Django leaves the headings of the columns with the name and the deletion of a row empty.
    document.querySelectorAll(".tabular th:empty:not([role])").forEach(function (head) {
      head.setAttribute("role", "cell");
    });
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

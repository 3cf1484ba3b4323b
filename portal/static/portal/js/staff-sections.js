/* Marks in the list of sections which have errors and how many required fields are empty.
   Texts for users are in the template. */
(function () {
  "use strict";
  var contents = document.querySelector("[data-form-contents]");
  if (!contents) return;
  var parts = Array.from(contents.querySelectorAll("a")).map(function (link) {
    return { link: link, section: document.querySelector(link.hash) };
  });
  var timer = 0;

  function isUsed(element) {
    var row = element.closest(".inline-related, tr.form-row");
    if (!row) return true;
    var deletion = row.querySelector("input[name$=-DELETE]");
    return !row.closest(".empty-form") && !(deletion && deletion.checked);
  }

  function isEmpty(input) {
    return input && !input.value.trim();
  }

  /* Labels of stacked fields, and of the columns of tables for each of their rows. */
  function countMissing(section) {
    var missing = 0;
    section.querySelectorAll("label.required[for]").forEach(function (label) {
      if (isUsed(label) && isEmpty(document.getElementById(label.htmlFor))) missing += 1;
    });
    section.querySelectorAll("th.required").forEach(function (head) {
      var name = /column-(\S+)/.exec(head.className)[1];
      head.closest("table").querySelectorAll("td.field-" + name).forEach(function (cell) {
        if (isUsed(cell) && isEmpty(cell.querySelector("input, select, textarea"))) missing += 1;
      });
    });
    var title = contents.dataset.title;
    var titles = title
      ? section.querySelectorAll("#id_" + title + "_zh_hans, #id_" + title + "_en")
      : [];
    // A title is required in one of the two languages.
    if (titles.length === 2 && Array.from(titles).every(isEmpty)) missing += 1;
    return missing;
  }

  function hasErrors(section) {
    return Array.from(section.querySelectorAll(".errorlist")).some(isUsed);
  }

  function update() {
    parts.forEach(function (part) {
      var missing = countMissing(part.section);
      var isInvalid = hasErrors(part.section);
      var state = [
        isInvalid ? contents.dataset.errors : "",
        missing ? contents.dataset.missing.replace("#", missing) : "",
      ];
      part.link.toggleAttribute("data-invalid", isInvalid);
      part.link.querySelector(".state").textContent = state.filter(Boolean).join(" · ");
    });
  }

  // One count for many keystrokes.
  function schedule() {
    clearTimeout(timer);
    timer = setTimeout(update, 300);
  }

  function open(part) {
    var closed = part && part.section.querySelector(":scope > fieldset > details");
    if (closed) closed.open = true;
  }

  contents.addEventListener("click", function (event) {
    var link = event.target.closest("a");
    open(
      parts.find(function (part) {
        return part.link === link;
      }),
    );
  });
  ["input", "change", "formset:added", "formset:removed"].forEach(function (name) {
    document.addEventListener(name, schedule);
  });
  update();
})();

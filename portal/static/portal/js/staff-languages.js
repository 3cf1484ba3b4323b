/* Shows the fields of one language at a time, each with its source text below. Without this
   script all fields are visible. Texts for users are in the template. */
(function () {
  "use strict";
  var bar = document.querySelector("[data-staff-languages]");
  var form = bar && bar.closest("form");
  if (!form) return;

  var buttons = Array.from(bar.querySelectorAll("button"));
  var tags = {};
  buttons.forEach(function (button) {
    if (button.value) tags[button.value] = button;
  });
  var column = new RegExp("^(field|column)-(.+)_(" + Object.keys(tags).join("|") + ")$");
  var sources = ["zh_hans", "en"];
  // Stored in users' browsers since release 1.0: another key would lose their choice.
  var STORAGE_KEY = "desk-language";
  var chosen = "";
  // Groups of the form; per field whether it has a text that counts; languages with errors.
  // A form of many rows has hundreds of fields, so that they are not read at each keystroke.
  var all = [];
  var filled = new Map();
  var invalid = {};

  function columnOf(element) {
    for (var i = 0; i < element.classList.length; i++) {
      var match = column.exec(element.classList[i]);
      if (match) return { name: match[2], code: match[3], element: element };
    }
    return null;
  }

  /* Groups the fields of the form: each group is one text in its languages. */
  function groups() {
    var textsByParent = new Map();
    form.querySelectorAll(".form-row[class*=field-], td[class*=field-]").forEach(function (element) {
      var cell = columnOf(element);
      if (!cell) return;
      var parent = element.parentElement;
      if (!textsByParent.has(parent)) textsByParent.set(parent, new Map());
      var texts = textsByParent.get(parent);
      if (!texts.has(cell.name)) texts.set(cell.name, {});
      texts.get(cell.name)[cell.code] = element;
    });
    var groupsOfForm = [];
    textsByParent.forEach(function (texts) {
      texts.forEach(function (group) {
        // A single field whose name happens to end like a language code is not a translation.
        if (Object.keys(group).length > 1) groupsOfForm.push(group);
      });
    });
    return groupsOfForm;
  }

  function textOf(element) {
    if (!element) return "";
    var input = element.querySelector("textarea, input:not([type=hidden]):not([type=checkbox])");
    if (input) return input.value.trim();
    var fixed = element.querySelector(".readonly, p");
    var text = fixed ? fixed.textContent.trim() : "";
    return text === "-" ? "" : text;
  }

  function isCounted(element) {
    var row = element.closest(".inline-related, tr.form-row");
    if (!row) return true;
    var deletion = row.querySelector("input[name$=-DELETE]");
    return !row.classList.contains("empty-form") && !(deletion && deletion.checked);
  }

  function hasErrors(element) {
    return element.classList.contains("errors") || Boolean(element.querySelector(".errorlist"));
  }

  function showSource(group, code) {
    Object.keys(group).forEach(function (other) {
      var old = group[other].querySelector(".staff-source");
      if (old) old.remove();
    });
    var element = group[code];
    var from = sources.find(function (other) {
      return other !== code && textOf(group[other]);
    });
    if (!element || !from) return;
    var source = document.createElement("div");
    var name = document.createElement("b");
    source.className = "staff-source";
    source.lang = tags[from].lang;
    name.textContent = tags[from].dataset.name;
    source.append(name, textOf(group[from]));
    var box = element.matches("td") ? element : element.querySelector(":scope > div") || element;
    box.append(source);
  }

  /* Reads all fields of the form. */
  function read() {
    all = groups();
    filled.clear();
    invalid = {};
    all.forEach(function (group) {
      Object.keys(group).forEach(function (code) {
        var isUsed = isCounted(group[code]);
        filled.set(group[code], isUsed && Boolean(textOf(group[code])));
        if (isUsed && hasErrors(group[code])) invalid[code] = true;
      });
    });
  }

  function setText(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function count() {
    var expected = 0;
    var counts = {};
    all.forEach(function (group) {
      var codes = Object.keys(group).filter(function (code) {
        return filled.get(group[code]);
      });
      if (codes.length) expected += 1;
      codes.forEach(function (code) {
        counts[code] = (counts[code] || 0) + 1;
      });
    });
    Object.keys(tags).forEach(function (code) {
      var isInvalid = Boolean(invalid[code]);
      var number = counts[code] || 0;
      var state = !number ? "empty" : number < expected ? "part" : "full";
      var button = tags[code];
      button.dataset.state = state;
      button.toggleAttribute("data-errors", isInvalid);
      setText(
        button.querySelector(".state"),
        (isInvalid ? bar.dataset.error + " " : "") +
          (state === "part" ? number + "/" + expected : bar.dataset[state]),
      );
    });
  }

  /* Counts again after a change of one field. */
  function update(event) {
    var element = event.target.closest(".form-row[class*=field-], td[class*=field-]");
    if (filled.has(element)) {
      filled.set(element, isCounted(element) && Boolean(textOf(element)));
      count();
    } else if (/-DELETE$/.test(event.target.name)) {
      read();
      count();
    }
  }

  function show() {
    read();
    all.forEach(function (group) {
      Object.keys(group).forEach(function (code) {
        var isShown = !chosen || code === chosen;
        group[code].hidden = !isShown;
        group[code].querySelectorAll("input, textarea").forEach(function (input) {
          input.lang = tags[code].lang;
        });
      });
      showSource(group, chosen);
    });
    // A long text is scrolled with the keyboard.
    form.querySelectorAll(".staff-source").forEach(function (source) {
      if (source.scrollHeight > source.clientHeight) source.tabIndex = 0;
    });
    form.querySelectorAll("th[class*=column-]").forEach(function (head) {
      var cell = columnOf(head);
      if (cell) head.hidden = Boolean(chosen) && cell.code !== chosen;
    });
    buttons.forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.value === chosen));
    });
    count();
  }

  function storedLanguage() {
    try {
      return localStorage.getItem(STORAGE_KEY);
    } catch (error) {
      return null;
    }
  }

  function choose(code) {
    chosen = code;
    try {
      localStorage.setItem(STORAGE_KEY, code);
    } catch (error) {
      // localStorage is unavailable: the next form starts with the default language.
    }
    show();
  }

  function first() {
    var withError = Object.keys(tags).find(function (code) {
      return invalid[code];
    });
    var stored = storedLanguage();
    if (withError) return withError;
    return stored === "" || tags[stored] ? stored : bar.dataset.first;
  }

  read();
  if (!all.length) return;
  buttons.forEach(function (button) {
    button.addEventListener("click", function () {
      choose(button.value);
    });
  });
  chosen = first();
  bar.hidden = false;
  show();
  form.addEventListener("input", update);
  form.addEventListener("change", update);
  document.addEventListener("formset:added", show);
  document.addEventListener("formset:removed", show);
})();

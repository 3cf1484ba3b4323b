/* Shows the fields of one language at a time, each with its source text below. Without this
   script all fields are visible. Texts for users are in the template. */
(function () {
  "use strict";
  var bar = document.querySelector("[data-desk-languages]");
  var form = bar && bar.closest("form");
  if (!form) return;

  var buttons = Array.from(bar.querySelectorAll("button"));
  var tags = {};
  buttons.forEach(function (button) {
    if (button.value) tags[button.value] = button;
  });
  var column = new RegExp("^(field|column)-(.+)_(" + Object.keys(tags).join("|") + ")$");
  var sources = ["zh_hans", "en"];
  var chosen = "";

  function columnOf(element) {
    for (var i = 0; i < element.classList.length; i++) {
      var found = column.exec(element.classList[i]);
      if (found) return { name: found[2], code: found[3], element: element };
    }
    return null;
  }

  /* Groups the fields of the form: each group is one text in its languages. */
  function groups() {
    var found = new Map();
    form.querySelectorAll(".form-row[class*=field-], td[class*=field-]").forEach(function (element) {
      var cell = columnOf(element);
      if (!cell) return;
      var place = element.parentElement;
      if (!found.has(place)) found.set(place, new Map());
      var texts = found.get(place);
      if (!texts.has(cell.name)) texts.set(cell.name, {});
      texts.get(cell.name)[cell.code] = element;
    });
    var all = [];
    found.forEach(function (texts) {
      texts.forEach(function (group) {
        // A single field whose name happens to end like a language code is not a translation.
        if (Object.keys(group).length > 1) all.push(group);
      });
    });
    return all;
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
    var gone = row.querySelector("input[name$=-DELETE]");
    return !row.classList.contains("empty-form") && !(gone && gone.checked);
  }

  function hasErrors(element) {
    return element.classList.contains("errors") || Boolean(element.querySelector(".errorlist"));
  }

  function showSource(group, code) {
    Object.keys(group).forEach(function (one) {
      var old = group[one].querySelector(".desk-source");
      if (old) old.remove();
    });
    var element = group[code];
    var from = sources.find(function (one) {
      return one !== code && textOf(group[one]);
    });
    if (!element || !from) return;
    var source = document.createElement("div");
    var name = document.createElement("b");
    source.className = "desk-source";
    source.lang = tags[from].lang;
    name.textContent = tags[from].dataset.name;
    source.append(name, textOf(group[from]));
    var box = element.matches("td") ? element : element.querySelector(":scope > div") || element;
    box.append(source);
  }

  function count(all) {
    var wanted = all.filter(function (group) {
      return isCounted(Object.values(group)[0]) && Object.values(group).some(textOf);
    }).length;
    Object.keys(tags).forEach(function (code) {
      var filled = 0;
      var wrong = false;
      all.forEach(function (group) {
        if (!group[code] || !isCounted(group[code])) return;
        if (textOf(group[code])) filled += 1;
        if (hasErrors(group[code])) wrong = true;
      });
      var state = !filled ? "empty" : filled < wanted ? "part" : "full";
      var button = tags[code];
      button.dataset.state = state;
      button.toggleAttribute("data-errors", wrong);
      button.querySelector(".state").textContent =
        (wrong ? bar.dataset.wrong + " " : "") +
        (state === "part" ? filled + "/" + wanted : bar.dataset[state]);
    });
  }

  function show() {
    var all = groups();
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
    form.querySelectorAll("th[class*=column-]").forEach(function (head) {
      var cell = columnOf(head);
      if (cell) head.hidden = Boolean(chosen) && cell.code !== chosen;
    });
    buttons.forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.value === chosen));
    });
    count(all);
  }

  function kept() {
    try {
      return localStorage.getItem("desk-language");
    } catch (error) {
      return null;
    }
  }

  function choose(code) {
    chosen = code;
    try {
      localStorage.setItem("desk-language", code);
    } catch (error) {
      // localStorage is unavailable: the next form starts with the default language.
    }
    show();
  }

  function first() {
    var wrong = Object.keys(tags).find(function (code) {
      return groups().some(function (group) {
        return group[code] && hasErrors(group[code]);
      });
    });
    var asked = kept();
    if (wrong) return wrong;
    return asked === "" || tags[asked] ? asked : bar.dataset.first;
  }

  if (!groups().length) return;
  buttons.forEach(function (button) {
    button.addEventListener("click", function () {
      choose(button.value);
    });
  });
  chosen = first();
  bar.hidden = false;
  show();
  form.addEventListener("input", function () {
    count(groups());
  });
  form.addEventListener("change", function () {
    count(groups());
  });
  document.addEventListener("formset:added", show);
  document.addEventListener("formset:removed", show);
})();

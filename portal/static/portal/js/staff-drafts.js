/* Keeps a draft of a record's form in the browser while the user types, offers it after a
   crash or an expired session, and asks before a page with unsaved text is left. A draft is
   removed when the record is saved, when the user signs out, after a week, and when another
   person signs in. Texts for users are in the template. */
(function () {
  "use strict";
  var PREFIX = "staff-draft:";
  var MAX_AGE = 7 * 24 * 3600 * 1000;
  var meta = document.querySelector("meta[name=staff-user]");
  var user = meta && meta.content;
  var isLeaving = false;

  function storedKeys() {
    try {
      return Object.keys(localStorage).filter(function (key) {
        return key.startsWith(PREFIX);
      });
    } catch (error) {
      return [];
    }
  }

  function read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch (error) {
      return null;
    }
  }

  function write(key, draft) {
    try {
      localStorage.setItem(key, JSON.stringify(draft));
    } catch (error) {
      // Storage is full or switched off: the form works without drafts.
    }
  }

  function remove(key) {
    try {
      localStorage.removeItem(key);
    } catch (error) {
      // Nothing can be stored, so nothing is left.
    }
  }

  // Drafts that are out of date, that were saved, or that belong to another person.
  function removeOld() {
    if (!user) return;
    var isSaved = document.querySelector(".messagelist .success");
    storedKeys().forEach(function (key) {
      var draft = read(key);
      var isOld = !draft || draft.user !== user || Date.now() - draft.at > MAX_AGE;
      if (isOld || (draft.isSubmitted && isSaved)) remove(key);
    });
  }

  removeOld();
  var logout = document.getElementById("logout-form");
  if (logout) {
    logout.addEventListener("submit", function () {
      isLeaving = true;
      storedKeys().forEach(remove);
    });
  }

  var settings = document.querySelector("[data-staff-draft]");
  // Forms of participants and other personal data have no draft, but the question on leaving.
  var form = settings
    ? settings.closest("form")
    : document.querySelector(".change-form #content-main > form");
  if (!form || !user) return;

  var key = settings && PREFIX + settings.dataset.key;
  var excluded = settings ? settings.dataset.excluded.split(" ") : [];
  var initial = null;
  var timer = 0;

  function isKept(element) {
    var field = element.name.split("-").pop();
    return (
      element.name &&
      !element.disabled &&
      !["file", "password", "submit", "button"].includes(element.type) &&
      !["csrfmiddlewaretoken", "form_token", "seen"].includes(element.name) &&
      !excluded.includes(field) &&
      !element.name.includes("__prefix__")
    );
  }

  function valuesOf(element) {
    if (element.type === "checkbox" || element.type === "radio") {
      return element.checked ? [element.value] : [];
    }
    if (element.tagName === "SELECT") {
      return Array.from(element.selectedOptions, function (option) {
        return option.value;
      });
    }
    return [element.value];
  }

  /* Returns the values of the form by name. */
  function collect() {
    var values = {};
    Array.from(form.elements).forEach(function (element) {
      if (!isKept(element)) return;
      values[element.name] = (values[element.name] || []).concat(valuesOf(element));
    });
    return values;
  }

  /* Returns the values that differ from those of the page as it was opened. */
  function collectChanged() {
    var values = collect();
    var changed = {};
    Object.keys(values).forEach(function (name) {
      if (String(values[name]) !== String(initial[name] || "")) changed[name] = values[name];
    });
    return changed;
  }

  /* Returns the texts of chosen options, which a list that is searched on demand needs. */
  function labelsOf(names) {
    var labels = {};
    names.forEach(function (name) {
      var element = form.elements[name];
      if (!element || element.tagName !== "SELECT") return;
      Array.from(element.selectedOptions).forEach(function (option) {
        labels[name + "=" + option.value] = option.textContent;
      });
    });
    return labels;
  }

  /* Returns the keys of the stored rows of each part of the form, in the order of the page. */
  function storedRows() {
    var rows = {};
    form.querySelectorAll("input[name$=-INITIAL_FORMS]").forEach(function (input) {
      var prefix = input.name.slice(0, -"-INITIAL_FORMS".length);
      rows[prefix] = [];
      for (var index = 0; index < Number(input.value); index++) {
        var id = form.elements[prefix + "-" + index + "-id"];
        rows[prefix].push(id ? id.value : "");
      }
    });
    return rows;
  }

  /* Returns the name that the field of a draft has on this page, "" if a colleague deleted its
     row. Rows have other numbers after a colleague added or deleted one. */
  function nameOnPage(name, before, now) {
    var match = /^(.+)-(\d+)-([^-]+)$/.exec(name);
    if (!match || !before[match[1]] || !now[match[1]]) return name;
    var old = before[match[1]];
    var current = now[match[1]];
    var index = Number(match[2]);
    var isStored = index < old.length;
    var target = isStored ? current.indexOf(old[index]) : current.length + index - old.length;
    return target < 0 ? "" : [match[1], target, match[3]].join("-");
  }

  function save(isSubmitted) {
    clearTimeout(timer);
    if (!key || (isLeaving && !isSubmitted)) return;
    var values = collectChanged();
    var names = Object.keys(values);
    if (!names.length) {
      if (!isSubmitted) remove(key);
      return;
    }
    var seen = form.elements.seen;
    write(key, {
      user: user,
      at: Date.now(),
      isSubmitted: Boolean(isSubmitted),
      seen: seen ? seen.value : "",
      values: values,
      labels: labelsOf(names),
      rows: storedRows(),
    });
  }

  function addRows(values, before, now) {
    Object.keys(values).forEach(function (name) {
      if (!name.endsWith("-TOTAL_FORMS")) return;
      var prefix = name.slice(0, -"-TOTAL_FORMS".length);
      var group = document.getElementById(prefix + "-group");
      var button = group && group.querySelector(".add-row a");
      var total = form.elements[name];
      var wanted = Number(values[name][0]) + now[prefix].length - before[prefix].length;
      var limit = 200;
      while (button && Number(total.value) < wanted && limit--) button.click();
    });
  }

  function setValue(name, values, labelOf) {
    var elements = form.querySelectorAll('[name="' + CSS.escape(name) + '"]');
    elements.forEach(function (element) {
      if (element.type === "checkbox" || element.type === "radio") {
        element.checked = values.includes(element.value);
      } else if (element.tagName === "SELECT") {
        values.forEach(function (value) {
          var isListed = Array.from(element.options).some(function (option) {
            return option.value === value;
          });
          var label = labelOf(value);
          if (!isListed && label) element.add(new Option(label, value));
        });
        Array.from(element.options).forEach(function (option) {
          option.selected = values.includes(option.value);
        });
      } else {
        element.value = values[0];
      }
      element.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  function restore(draft) {
    var now = storedRows();
    addRows(draft.values, draft.rows, now);
    Object.keys(draft.values).forEach(function (name) {
      var target = name.endsWith("_FORMS") ? "" : nameOnPage(name, draft.rows, now);
      if (!target) return;
      setValue(target, draft.values[name], function (value) {
        return draft.labels[name + "=" + value];
      });
    });
    // The version that the user saw: the server then compares with what colleagues saved.
    if (draft.seen && form.elements.seen) form.elements.seen.value = draft.seen;
    save();
  }

  function offer(draft) {
    var box = document.querySelector("[data-staff-draft-offer]");
    var time = new Date(draft.at).toLocaleString(document.documentElement.lang, {
      dateStyle: "medium",
      timeStyle: "short",
    });
    box.querySelector("time").textContent = time;
    // It was sent and not saved: a later message about another record must not remove it.
    draft.isSubmitted = false;
    write(key, draft);
    box.hidden = false;
    box.querySelector("[data-restore]").addEventListener("click", function () {
      restore(draft);
      box.hidden = true;
      form.querySelector("input:not([type=hidden]), textarea, select").focus();
    });
    box.querySelector("[data-discard]").addEventListener("click", function () {
      box.hidden = true;
      remove(key);
    });
  }

  function isDirty() {
    return Object.keys(collectChanged()).length > 0;
  }

  document.addEventListener("DOMContentLoaded", function () {
    initial = collect();
    // A form with errors shows what the user submitted, so nothing is lost.
    var isReturned = document.querySelector(".errornote, .conflict");
    var draft = key && read(key);
    if (draft && !isReturned) offer(draft);
    if (isReturned) initial = {};

    function schedule() {
      clearTimeout(timer);
      timer = setTimeout(save, 800);
    }
    form.addEventListener("input", schedule);
    form.addEventListener("change", schedule);
    document.addEventListener("formset:added", schedule);
    document.addEventListener("formset:removed", schedule);
    form.addEventListener("submit", function () {
      save(true);
      isLeaving = true;
    });
  });
  // The Back button restores the page.
  window.addEventListener("pageshow", function () {
    isLeaving = false;
  });
  window.addEventListener("beforeunload", function (event) {
    if (isLeaving || !initial || !isDirty()) return;
    save();
    event.preventDefault();
  });
})();

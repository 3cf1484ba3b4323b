/* Keeps a draft of a record's form in the browser while the user types, offers it after a
   crash or an expired session, and asks before a page with unsaved text is left. A draft is
   removed when the record is saved, on sign-out, after a week, and when another person signs
   in. Each page has a draft of its own: an offered one stays until it is restored or deleted. */
(() => {
  "use strict";
  const PREFIX = "staff-draft:";
  const MAX_AGE = 7 * 24 * 3600 * 1000;
  const user = document.querySelector("meta[name=staff-user]")?.content;
  let isLeaving = false;

  // Storage may be full or switched off: the form then works without drafts.
  function attempt(action) {
    try {
      return action();
    } catch (error) {
      return null;
    }
  }

  const storedKeys = () =>
    attempt(() => Object.keys(localStorage).filter(key => key.startsWith(PREFIX))) || [];
  const read = key => attempt(() => JSON.parse(localStorage.getItem(key)));
  const write = (key, draft) =>
    attempt(() => localStorage.setItem(key, JSON.stringify(draft))) !== null;
  const remove = key => attempt(() => localStorage.removeItem(key));

  // Drafts that are out of date, that were saved, or that belong to another person.
  function removeOld() {
    if (!user) return;
    const isSaved = document.querySelector(".messagelist .success");
    storedKeys().forEach(key => {
      const draft = read(key);
      const isOld = !draft || draft.user !== user || Date.now() - draft.at > MAX_AGE;
      if (isOld || (draft.isSubmitted && isSaved)) remove(key);
    });
  }

  removeOld();
  document.getElementById("logout-form")?.addEventListener("submit", () => {
    isLeaving = true;
    storedKeys().forEach(remove);
  });

  const settings = document.querySelector("[data-staff-draft]");
  // Forms with personal data have no draft, but the question on leaving.
  const form = settings
    ? settings.closest("form")
    : document.querySelector(".change-form #content-main > form, form[data-ask-on-leaving]");
  if (!form || !user) return;

  const base = settings && PREFIX + settings.dataset.key;
  const excluded = settings ? settings.dataset.excluded.split(" ") : [];
  // The key of the draft of this page.
  let key = base && base + "#" + Date.now() + Math.random();
  let initial = null;
  let timer = 0;

  const isCompared = element =>
    element.name &&
    !element.disabled &&
    !["password", "submit", "button"].includes(element.type) &&
    !["csrfmiddlewaretoken", "form_token", "seen"].includes(element.name) &&
    !element.name.includes("__prefix__");

  const isKept = element =>
    isCompared(element) &&
    element.type !== "file" &&
    !excluded.includes(element.name.split("-").pop());

  function valuesOf(element) {
    if (element.type === "file") return [...element.files].map(file => file.name);
    if (["checkbox", "radio"].includes(element.type)) {
      return element.checked ? [element.value] : [];
    }
    if (element.tagName === "SELECT") {
      return [...element.selectedOptions].map(option => option.value);
    }
    return [element.value];
  }

  /* Returns the values of the form by name, of the elements that the filter accepts. */
  function collect(filter) {
    const values = {};
    [...form.elements].filter(filter).forEach(element => {
      values[element.name] = [...(values[element.name] || []), ...valuesOf(element)];
    });
    return values;
  }

  /* Returns the values that differ from those of the page as it was opened. */
  const collectChanged = filter =>
    Object.fromEntries(
      Object.entries(collect(filter)).filter(
        ([name, values]) => String(values) !== String(initial[name] || ""),
      ),
    );

  /* Returns the texts of chosen options, for lists that are searched on demand. */
  function labelsOf(names) {
    const labels = {};
    names.forEach(name => {
      const element = form.elements[name];
      if (element?.tagName !== "SELECT") return;
      [...element.selectedOptions].forEach(option => {
        labels[name + "=" + option.value] = option.textContent;
      });
    });
    return labels;
  }

  /* Returns the keys of the stored rows of each part of the form, in the order of the page. */
  function storedRows() {
    const rows = {};
    form.querySelectorAll("input[name$=-INITIAL_FORMS]").forEach(input => {
      const prefix = input.name.slice(0, -"-INITIAL_FORMS".length);
      rows[prefix] = [];
      for (let index = 0; index < Number(input.value); index++) {
        rows[prefix].push(form.elements[`${prefix}-${index}-id`]?.value || "");
      }
    });
    return rows;
  }

  /* Returns the name that the field of a draft has on this page, "" if a colleague deleted its
     row. Rows have other numbers after a colleague added or deleted one. */
  function nameOnPage(name, before, now) {
    const [, prefix, index, field] = /^(.+)-(\d+)-([^-]+)$/.exec(name) || [];
    const old = before[prefix];
    const current = now[prefix];
    if (!old || !current) return name;
    const isStored = index < old.length;
    const target = isStored ? current.indexOf(old[index]) : current.length + +index - old.length;
    return target < 0 ? "" : `${prefix}-${target}-${field}`;
  }

  /* Stores the draft of this page; returns false if that was not possible. */
  function save(isSubmitted) {
    clearTimeout(timer);
    if (!key || (isLeaving && !isSubmitted)) return true;
    const values = collectChanged(isKept);
    const names = Object.keys(values);
    if (!names.length) {
      if (!isSubmitted) remove(key);
      return true;
    }
    return write(key, {
      user,
      at: Date.now(),
      isSubmitted,
      seen: form.elements.seen?.value || "",
      values,
      labels: labelsOf(names),
      rows: storedRows(),
    });
  }

  function addRows(values, before, now) {
    Object.keys(values).forEach(name => {
      if (!name.endsWith("-TOTAL_FORMS")) return;
      const prefix = name.slice(0, -"-TOTAL_FORMS".length);
      // The user may no longer see this part of the form.
      if (!now[prefix]) return;
      const button = document.getElementById(prefix + "-group")?.querySelector(".add-row a");
      const total = form.elements[name];
      const wanted = Number(values[name][0]) + now[prefix].length - before[prefix].length;
      let limit = 200;
      while (button && Number(total.value) < wanted && limit--) button.click();
    });
  }

  function setValue(name, values, labelOf) {
    form.querySelectorAll(`[name="${CSS.escape(name)}"]`).forEach(element => {
      if (["checkbox", "radio"].includes(element.type)) {
        element.checked = values.includes(element.value);
      } else if (element.tagName === "SELECT") {
        values.forEach(value => {
          const label = labelOf(value);
          const isListed = [...element.options].some(option => option.value === value);
          if (!isListed && label) element.add(new Option(label, value));
        });
        [...element.options].forEach(option => {
          option.selected = values.includes(option.value);
        });
      } else {
        element.value = values[0];
      }
      element.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  function restore(draft, draftKey) {
    const now = storedRows();
    const fields = Object.entries(draft.values)
      .filter(([name]) => !name.endsWith("_FORMS"))
      .map(([name, values]) => [name, nameOnPage(name, draft.rows, now), values])
      .filter(([, target]) => target);
    // What was typed on this page becomes an offer where the draft has another value.
    const typed = collectChanged(isKept);
    const typedKey = key;
    const isReplaced = fields.some(
      ([, target, values]) => typed[target] && String(typed[target]) !== String(values),
    );
    if (isReplaced && save()) offer(read(typedKey), typedKey);
    addRows(draft.values, draft.rows, now);
    fields.forEach(([name, target, values]) =>
      setValue(target, values, value => draft.labels[name + "=" + value]),
    );
    // The version that the user saw: the server then compares with what colleagues saved.
    if (draft.seen && form.elements.seen) form.elements.seen.value = draft.seen;
    form.dispatchEvent(new Event("draft:restored", { bubbles: true }));
    key = draftKey;
    if (save() && !isReplaced) remove(typedKey);
  }

  function offer(draft, draftKey) {
    const boxes = document.querySelectorAll("[data-staff-draft-offer]");
    let box = boxes[0];
    if (!box.hidden) {
      box = box.cloneNode(true);
      boxes[boxes.length - 1].after(box);
    }
    const { lang } = document.documentElement;
    box.querySelector("time").textContent = new Date(draft.at).toLocaleString(
      lang === "en" ? "en-GB" : lang,
      { dateStyle: "long", timeStyle: "short" },
    );
    // It was not saved: a later message about another record must not remove it.
    draft.isSubmitted = false;
    write(draftKey, draft);
    box.hidden = false;
    box.onclick = event => {
      if (event.target.type !== "button") return;
      box.hidden = true;
      if ("discard" in event.target.dataset) return remove(draftKey);
      restore(draft, draftKey);
      form.querySelector("input:not([type=hidden]), textarea, select").focus();
    };
  }

  /* Returns the keys and drafts of this form, the newest first. */
  const storedDrafts = () =>
    storedKeys()
      .filter(name => name === base || name.startsWith(base + "#"))
      .map(name => [name, read(name)])
      .sort((first, second) => second[1].at - first[1].at);

  document.addEventListener("DOMContentLoaded", () => {
    initial = collect(isCompared);
    const drafts = base ? storedDrafts() : [];
    // A form with errors shows what the user submitted, so nothing is lost.
    if ("returned" in form.dataset || form.querySelector(".errornote, .conflict")) {
      initial = {};
      key = drafts.find(([, draft]) => draft.isSubmitted)?.[0] || key;
    } else {
      drafts.forEach(([name, draft]) => offer(draft, name));
    }

    function schedule() {
      clearTimeout(timer);
      timer = setTimeout(save, 800);
    }
    form.addEventListener("input", schedule);
    form.addEventListener("change", schedule);
    document.addEventListener("formset:added", schedule);
    document.addEventListener("formset:removed", schedule);
    // On the window, after all scripts that may prevent it.
    window.addEventListener("submit", event => {
      if (event.target !== form || event.defaultPrevented) return;
      save(true);
      isLeaving = true;
    });
  });
  // The Back button restores the page.
  window.addEventListener("pageshow", () => {
    isLeaving = false;
  });
  window.addEventListener("beforeunload", event => {
    if (isLeaving || !initial || !Object.keys(collectChanged(isCompared)).length) return;
    save();
    event.preventDefault();
  });
})();

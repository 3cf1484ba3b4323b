/* Optional: search forms work without this script.
   Suggests titles while a search is typed: the combobox pattern with a list box (WAI-ARIA
   Authoring Practices). Answers are kept for the life of the page; no cookie is set. */
(function () {
  "use strict";
  var DELAY = 150; // milliseconds without a key before a request
  var answers = new Map();

  document.querySelectorAll("form[data-suggestions]").forEach(function (form, index) {
    var input = form.querySelector("input[type=search]");
    if (!input || !window.fetch) return;
    var list = document.createElement("ul");
    var timer, active = -1, urls = [];

    list.id = "suggestions-" + index;
    list.className = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", form.dataset.suggestionsLabel);
    input.insertAdjacentElement("afterend", list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    function close() {
      clearTimeout(timer);
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function select(number) {
      var options = list.children;
      if (options[active]) options[active].setAttribute("aria-selected", "false");
      active = (number + options.length + 1) % (options.length + 1);
      // One position more than there are options: the text itself.
      if (active === options.length) active = -1;
      if (active < 0) return input.removeAttribute("aria-activedescendant");
      options[active].setAttribute("aria-selected", "true");
      options[active].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[active].id);
    }

    function show(answer) {
      if (document.activeElement !== input || input.value.trim() !== answer.text) return;
      urls = answer.urls;
      list.textContent = "";
      answer.titles.forEach(function (title, number) {
        var option = document.createElement("li");
        var name = document.createElement("span");
        var kind = document.createElement("span");
        option.id = list.id + "-" + number;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        // A title may be in another language than the page.
        name.lang = answer.languages[number];
        name.textContent = title;
        kind.className = "suggestions__kind";
        kind.textContent = answer.kinds[number];
        option.append(name, " ", kind);
        list.appendChild(option);
      });
      close();
      list.hidden = !urls.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
    }

    function request() {
      var text = input.value.trim();
      if (!text) return close();
      if (answers.has(text)) return show(answers.get(text));
      fetch(form.dataset.suggestions + "?q=" + encodeURIComponent(text), { credentials: "omit" })
        .then(function (response) { return response.ok ? response.json() : null; })
        .then(function (json) {
          if (!json) return;
          answers.set(text, {
            text: text,
            titles: json[1],
            kinds: json[2],
            urls: json[3],
            languages: json[4],
          });
          show(answers.get(text));
        })
        .catch(function () { close(); });
    }

    input.addEventListener("input", function (event) {
      clearTimeout(timer);
      // While an input method composes, the text is not yet what is meant.
      if (!event.isComposing) timer = setTimeout(request, DELAY);
    });
    input.addEventListener("compositionend", function () {
      clearTimeout(timer);
      timer = setTimeout(request, DELAY);
    });
    input.addEventListener("keydown", function (event) {
      if (event.isComposing) return;
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if (list.hidden) {
        if (event.key === "ArrowDown") request();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        select(event.key === "ArrowDown" ? active + 1 : active < 0 ? list.children.length - 1 : active - 1);
      } else if (event.key === "Enter" && active >= 0) {
        event.preventDefault();
        location.assign(urls[active]);
      }
    });
    input.addEventListener("blur", close);
    // Keep the focus in the text until the click is complete.
    list.addEventListener("mousedown", function (event) { event.preventDefault(); });
    list.addEventListener("click", function (event) {
      var option = event.target.closest("[role=option]");
      if (option) location.assign(urls[Array.prototype.indexOf.call(list.children, option)]);
    });
  });
})();

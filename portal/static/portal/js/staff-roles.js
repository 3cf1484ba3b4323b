/* Shows the organisations, other parties and places of a record in one table with their
   roles. The fields of the relations are hidden; the table reads them and writes into
   them, so what is submitted does not differ. Texts for users are in the template. */
(function () {
  "use strict";
  var DELAY = 250;
  var box = document.querySelector("[data-staff-roles]");
  if (!box) return;
  var texts = box.dataset;
  var body = box.querySelector("tbody");
  var roleSelect = box.querySelector("[data-new-role]");
  var search = box.querySelector("[role=combobox]");
  var list = box.querySelector("[role=listbox]");
  var newTargets = box.querySelector("[data-new-targets]");
  var status = box.querySelector("[data-role-status]");
  var orderInput = document.querySelector("input[name=link_order]");

  var roles = Array.from(box.querySelectorAll("[data-role]"), function (element) {
    var relations = Array.from(element.children, function (child) {
      return {
        name: child.dataset.relation,
        target: child.dataset.target,
        type: child.dataset.type,
        select: document.getElementById("id_" + child.dataset.relation),
      };
    });
    return {
      label: element.dataset.role,
      relations: relations.filter(function (relation) {
        return relation.select && relation.select.multiple;
      }),
    };
  }).filter(function (role) {
    return role.relations.length;
  });
  if (!roles.length || !orderInput) return;
  var relations = roles.flatMap(function (role) {
    return role.relations;
  });

  function fill(text, value) {
    // A function, because the value may have the special patterns of a replacement.
    return text.replace("#", function () {
      return value;
    });
  }

  function create(name, attributes, content) {
    var element = document.createElement(name);
    Object.keys(attributes).forEach(function (key) {
      element.setAttribute(key, attributes[key]);
    });
    if (content) element.textContent = content;
    return element;
  }

  /* ---- Links and their order ---- */

  /* Returns the values of the order field by name of the relation. */
  function readOrder() {
    var order = {};
    orderInput.value.split(";").forEach(function (part) {
      var pieces = part.split("=");
      if (pieces.length === 2) order[pieces[0]] = pieces[1].split(",");
    });
    return order;
  }

  /* Returns the chosen options of a relation in the order of the links. */
  function getChosen(relation) {
    var order = readOrder()[relation.name] || [];
    function position(option) {
      var index = order.indexOf(option.value);
      return index < 0 ? order.length : index;
    }
    return Array.from(relation.select.selectedOptions).sort(function (one, other) {
      return position(one) - position(other);
    });
  }

  function getValues(relation) {
    return getChosen(relation).map(function (option) {
      return option.value;
    });
  }

  function findOption(relation, value) {
    return Array.from(relation.select.options).find(function (option) {
      return option.value === value;
    });
  }

  /* Chooses exactly `values`, in this order. */
  function setValues(relation, values) {
    Array.from(relation.select.options).forEach(function (option) {
      option.selected = values.includes(option.value);
    });
    var parts = relations.map(function (each) {
      var ordered = each === relation ? values : getValues(each);
      return ordered.length ? each.name + "=" + ordered.join(",") : "";
    });
    orderInput.value = parts.filter(Boolean).join(";");
    relation.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function add(relation, value, label) {
    var values = getValues(relation);
    if (values.includes(value)) return;
    if (!findOption(relation, value)) relation.select.add(new Option(label, value));
    setValues(relation, values.concat(value));
  }

  function remove(relation, value) {
    var values = getValues(relation).filter(function (each) {
      return each !== value;
    });
    setValues(relation, values);
  }

  /* ---- Table ---- */

  function getRow(relation, value) {
    return Array.from(body.rows).find(function (row) {
      return row.dataset.relation === relation.name && row.dataset.value === value;
    });
  }

  function focusIn(row, action) {
    var control = row && row.querySelector("[data-action=" + action + "]:not(:disabled)");
    if (!control && row) control = row.querySelector("button:not(:disabled)");
    (control || search).focus();
  }

  function move(relation, option, step) {
    var values = getValues(relation);
    var index = values.indexOf(option.value);
    values.splice(index, 1);
    values.splice(index + step, 0, option.value);
    setValues(relation, values);
    status.textContent = fill(texts.moved, option.text);
    focusIn(getRow(relation, option.value), step < 0 ? "up" : "down");
  }

  function changeRole(relation, option, other) {
    remove(relation, option.value);
    add(other, option.value, option.text);
    status.textContent = fill(texts.moved, option.text);
    focusIn(getRow(other, option.value), "role");
  }

  function removeRow(relation, option) {
    var index = Array.from(body.rows).indexOf(getRow(relation, option.value));
    remove(relation, option.value);
    status.textContent = fill(texts.removed, option.text);
    focusIn(body.rows[Math.min(index, body.rows.length - 1)], "remove");
  }

  /* Returns the control of the role: a list of those that this type can have. */
  function createRole(role, relation, option) {
    var choices = roles.flatMap(function (each) {
      return each.relations
        .filter(function (other) {
          return other.target === relation.target;
        })
        .map(function (other) {
          return { label: each.label, relation: other };
        });
    });
    if (choices.length < 2) return create("span", {}, role.label);
    var name = fill(texts.roleOf, option.text);
    var select = create("select", { "aria-label": name, "data-action": "role" });
    choices.forEach(function (choice) {
      var isCurrent = choice.relation === relation;
      select.add(new Option(choice.label, choice.relation.name, isCurrent, isCurrent));
    });
    select.addEventListener("change", function (event) {
      // Not a field of the form: the change of the relation's field is what counts.
      event.stopPropagation();
      changeRole(relation, option, choices[select.selectedIndex].relation);
    });
    return select;
  }

  function createButton(action, sign, option, run) {
    var name = fill(texts[action], option.text);
    var attributes = { type: "button", "aria-label": name, title: name, "data-action": action };
    var button = create("button", attributes, sign);
    button.addEventListener("click", run);
    return button;
  }

  function createRow(role, relation, option, index, count) {
    var row = create("tr", { "data-relation": relation.name, "data-value": option.value });
    row.insertCell().append(createRole(role, relation, option));
    row.insertCell().textContent = option.text;
    row.insertCell().textContent = relation.type;
    var up = createButton("up", "↑", option, function () {
      move(relation, option, -1);
    });
    var down = createButton("down", "↓", option, function () {
      move(relation, option, 1);
    });
    up.disabled = index === 0;
    down.disabled = index === count - 1;
    var removal = createButton("remove", "×", option, function () {
      removeRow(relation, option);
    });
    var buttons = count > 1 ? [up, down, removal] : [removal];
    Element.prototype.append.apply(row.insertCell(), buttons);
    return row;
  }

  function render() {
    var rows = roles.flatMap(function (role) {
      return role.relations.flatMap(function (relation) {
        return getChosen(relation).map(function (option, index, chosen) {
          return createRow(role, relation, option, index, chosen.length);
        });
      });
    });
    body.replaceChildren.apply(body, rows);
    body.parentElement.hidden = rows.length === 0;
  }

  /* ---- Search in all lists of the role ---- */

  var timer = 0;
  var request = null;
  var active = -1;

  function getOptions() {
    return Array.from(list.querySelectorAll("[role=option]"));
  }

  function setActive(index) {
    var options = getOptions();
    active = options.length ? (index + options.length) % options.length : -1;
    options.forEach(function (option, position) {
      option.setAttribute("aria-selected", String(position === active));
    });
    if (active < 0) {
      search.removeAttribute("aria-activedescendant");
      return;
    }
    search.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  }

  function close() {
    clearTimeout(timer);
    if (request) request.abort();
    request = null;
    list.hidden = true;
    list.replaceChildren();
    search.setAttribute("aria-expanded", "false");
    setActive(-1);
  }

  function choose(relation, result) {
    search.value = "";
    close();
    add(relation, result.id, result.text);
    status.textContent = fill(texts.added, result.text);
    search.focus();
  }

  function createGroup(relation, answer, position) {
    var heading = create("div", { id: "staff-roles-group-" + position }, relation.type);
    heading.className = "staff-roles-type";
    var group = create("div", { role: "group", "aria-labelledby": heading.id });
    group.append(heading);
    answer.results.forEach(function (result, index) {
      var id = "staff-roles-option-" + position + "-" + index;
      var option = create("div", { role: "option", id: id }, result.text);
      option.addEventListener("click", function () {
        choose(relation, result);
      });
      group.append(option);
    });
    return group;
  }

  function show(answers) {
    var hasMore = false;
    var groups = [];
    answers.forEach(function (answer, position) {
      var chosen = getValues(answer.relation);
      answer.results = answer.data.results.filter(function (result) {
        return !chosen.includes(String(result.id));
      });
      hasMore = hasMore || answer.data.pagination.more;
      if (answer.results.length) groups.push(createGroup(answer.relation, answer, position));
    });
    list.replaceChildren.apply(list, groups);
    var count = getOptions().length;
    list.hidden = count === 0;
    search.setAttribute("aria-expanded", String(count > 0));
    setActive(count ? 0 : -1);
    var message = count ? fill(texts.results, count) : texts.nothing;
    status.textContent = hasMore ? message + " " + texts.more : message;
  }

  function load(relation, term, signal) {
    var select = relation.select;
    var url = new URL(select.getAttribute("data-ajax--url"), location.href);
    url.searchParams.set("term", term);
    url.searchParams.set("app_label", select.dataset.appLabel);
    url.searchParams.set("model_name", select.dataset.modelName);
    url.searchParams.set("field_name", select.dataset.fieldName);
    return fetch(url, { signal: signal })
      .then(function (response) {
        if (!response.ok) throw new Error(response.status);
        return response.json();
      })
      .then(function (data) {
        return { relation: relation, data: data };
      });
  }

  function start() {
    if (request) request.abort();
    var current = new AbortController();
    request = current;
    var role = roles[roleSelect.selectedIndex];
    var loads = role.relations.map(function (relation) {
      return load(relation, search.value.trim(), current.signal);
    });
    Promise.all(loads).then(
      function (answers) {
        if (request === current) show(answers);
      },
      function () {
        if (request !== current) return;
        close();
        status.textContent = texts.failed;
      },
    );
  }

  function schedule() {
    clearTimeout(timer);
    if (search.value.trim()) timer = setTimeout(start, DELAY);
    else close();
  }

  function handleKey(event) {
    // Keys that an input method needs.
    if (event.isComposing) return;
    var isOpen = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (isOpen) setActive(active + (event.key === "ArrowDown" ? 1 : -1));
      else start();
    } else if (event.key === "Enter") {
      // Enter would submit the form.
      event.preventDefault();
      if (isOpen && active >= 0) getOptions()[active].click();
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      close();
    }
  }

  /* Offers the windows for a new organisation, party or place that the fields have. */
  function offerNew() {
    var role = roles[roleSelect.selectedIndex];
    var buttons = role.relations.flatMap(function (relation) {
      var link = document.getElementById("add_id_" + relation.name);
      if (!link) return [];
      var button = create("button", { type: "button" }, fill(texts.new, relation.type));
      button.addEventListener("click", function () {
        link.click();
      });
      return [button];
    });
    newTargets.replaceChildren.apply(newTargets, buttons);
  }

  /* ---- Start ---- */

  function hideFields() {
    var errors = box.querySelector("[data-role-errors]");
    relations.forEach(function (relation, index) {
      var row = relation.select.closest(".form-row");
      if (index === 0) row.before(box);
      var error = row.querySelector(".errorlist");
      var label = row.querySelector("label");
      if (error && label) errors.append(create("p", {}, label.textContent), error);
      row.classList.add("hidden");
    });
  }

  roles.forEach(function (role) {
    roleSelect.add(new Option(role.label));
  });
  hideFields();
  render();
  offerNew();
  box.hidden = false;
  relations.forEach(function (relation) {
    // The admin's windows for new rows fire events of jQuery only.
    django.jQuery(relation.select).on("change", render);
  });
  orderInput.addEventListener("change", render);
  roleSelect.addEventListener("change", function () {
    close();
    offerNew();
  });
  search.addEventListener("input", schedule);
  search.addEventListener("keydown", handleKey);
  search.addEventListener("blur", close);
  // A click on a result must not take the focus from the search, which closes the list.
  list.addEventListener("mousedown", function (event) {
    event.preventDefault();
  });
})();

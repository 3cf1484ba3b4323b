/* Buttons that move the rows of an inline up and down, next to the numbers of their order.
   The numbers are what is submitted. Texts for users are in the template. */
(function () {
  "use strict";
  var MAX_NAME = 60;
  var box = document.querySelector("[data-row-order]");
  if (!box) return;
  var texts = box.dataset;
  var status = box.querySelector("[role=status]");

  function getInput(row) {
    return row.querySelector("input[name$='-position']");
  }

  function isNew(row) {
    return !row.classList.contains("has_original");
  }

  /* Returns the number of a row; a new row without one is the last. */
  function getNumber(row) {
    return Number(getInput(row).value) || (isNew(row) ? Infinity : 0);
  }

  /* Returns the rows of a group in the order of the page. */
  function getRows(group) {
    var inputs = group.querySelectorAll("input[name$='-position']:not([type=hidden])");
    return Array.from(inputs, function (input) {
      return input.closest("tr.form-row, .inline-related");
    }).filter(function (row) {
      return !row.classList.contains("empty-form");
    });
  }

  /* Returns the rows in the order of their numbers, as the server sorts them. */
  function getOrdered(group) {
    return getRows(group).sort(function (one, other) {
      // Two rows without a number: the difference is not a number.
      return getNumber(one) - getNumber(other) || 0;
    });
  }

  function getIndex(row) {
    return Number(row.id.slice(row.id.lastIndexOf("-") + 1));
  }

  function getName(row) {
    var label = row.querySelector(isNew(row) ? ".inline_label" : ".inline_label, .original p");
    var written = Array.from(
      row.querySelectorAll("textarea, input[type=text]:not([size='10'], [size='8'])"),
    ).find(function (input) {
      return input.value.trim();
    });
    if (isNew(row) && written) return written.value.trim().slice(0, MAX_NAME);
    var text = label ? label.textContent.trim() : "#" + (getIndex(row) + 1);
    if (!text.startsWith("#")) return text.slice(0, MAX_NAME);
    var heading = row.querySelector("h3 b") || row.closest(".inline-group").querySelector("h2");
    return heading.textContent.trim().replace(/[:：]$/, "") + " " + text;
  }

  /* Returns the value by which the server sorts a row before its number, "" if none. */
  function getSortValue(row) {
    var rule = document.querySelector("[data-order-of='" + row.id.replace(/-\d+$/, "") + "']");
    if (!rule) return "";
    var inputs = row.querySelectorAll("input[name*='-" + rule.dataset.sortedBy + "']");
    var values = Array.from(inputs, function (input) {
      return input.value.trim();
    });
    return values.every(Boolean) ? values.join(" ") : "";
  }

  function canSwap(row, other) {
    if (!row || !other) return false;
    var value = getSortValue(row);
    return !value || !getSortValue(other) || value === getSortValue(other);
  }

  /* ---- Moving ---- */

  /* Returns what precedes a row in a table: the row with its errors, else itself. */
  function getHead(row) {
    var before = row.previousElementSibling;
    return before && before.matches(".row-form-errors") ? before : row;
  }

  /* Puts the rows on the page in the order of `rows`; moves only those that are not. */
  function arrange(group, rows) {
    var next = group.querySelector(".empty-form");
    if (!next) return;
    rows
      .slice()
      .reverse()
      .forEach(function (row) {
        var head = getHead(row);
        if (row.nextElementSibling !== next) {
          next.before(row);
          if (head !== row) row.before(head);
        }
        next = head;
      });
  }

  function setNumber(row, number) {
    var input = getInput(row);
    if (Number(input.value) === number) return;
    input.value = number;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* Exchanges two numbers, or numbers all rows where that would not be an order. */
  function renumber(rows, index, other) {
    var numbers = rows.map(getNumber);
    var isOrder = numbers.every(function (number, position) {
      return position === 0 || number > numbers[position - 1] || number === Infinity;
    });
    var last = Math.max(index, other);
    if (isOrder && numbers[last] < Infinity) {
      setNumber(rows[index], numbers[other]);
      setNumber(rows[other], numbers[index]);
      return;
    }
    numbers.forEach(function (number, position) {
      if (number < Infinity) last = Math.max(last, position);
    });
    var moved = rows.slice();
    moved.splice(index, 1);
    moved.splice(other, 0, rows[index]);
    moved.slice(0, last + 1).forEach(function (row, position) {
      setNumber(row, position + 1);
    });
  }

  function move(group, row, step) {
    var rows = getOrdered(group);
    var index = rows.indexOf(row);
    if (!canSwap(row, rows[index + step])) return;
    renumber(rows, index, index + step);
    rows = getOrdered(group);
    arrange(group, rows);
    update(group);
    var buttons = row.querySelectorAll(".row-order button");
    var button = buttons[step < 0 ? 0 : 1];
    (button.disabled ? buttons[step < 0 ? 1 : 0] : button).focus();
    status.textContent = texts.moved
      .replace("#number", rows.indexOf(row) + 1)
      .replace("#count", rows.length)
      // A function, because the name may have the special patterns of a replacement.
      .replace("#name", function () {
        return getName(row);
      });
  }

  /* ---- Buttons ---- */

  function createButton(group, row, sign, step) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.addEventListener("click", function () {
      move(group, row, step);
    });
    return button;
  }

  function addButtons(group, row) {
    if (row.querySelector(".row-order")) return;
    var buttons = document.createElement("span");
    buttons.className = "row-order";
    buttons.append(createButton(group, row, "↑", -1), createButton(group, row, "↓", 1));
    getInput(row).after(buttons);
  }

  function nameButton(button, text, row) {
    var name = text.replace("#", function () {
      return getName(row);
    });
    button.setAttribute("aria-label", name);
    button.title = name;
  }

  function update(group) {
    var rows = getOrdered(group);
    rows.forEach(function (row, index) {
      addButtons(group, row);
      var buttons = row.querySelectorAll(".row-order button");
      buttons[0].disabled = !canSwap(row, rows[index - 1]);
      buttons[1].disabled = !canSwap(row, rows[index + 1]);
      nameButton(buttons[0], texts.up, row);
      nameButton(buttons[1], texts.down, row);
      buttons[0].parentElement.hidden = rows.length < 2;
    });
  }

  function getGroup(element) {
    return element.closest && element.closest(".js-inline-admin-formset");
  }

  function arrangeAll() {
    document.querySelectorAll(".js-inline-admin-formset").forEach(function (group) {
      arrange(group, getOrdered(group));
      update(group);
    });
  }

  // A refused form or a restored draft has numbers, but its rows are not in their order.
  document.addEventListener("DOMContentLoaded", arrangeAll);
  document.addEventListener("draft:restored", arrangeAll);
  document.addEventListener("change", function (event) {
    if (getGroup(event.target)) update(getGroup(event.target));
  });
  document.addEventListener("formset:added", function (event) {
    update(getGroup(event.target));
  });
  /* Django numbers the fields of the remaining rows in the order of the page after a row
     was removed, and stored rows must come first. */
  document.addEventListener(
    "click",
    function (event) {
      var link = event.target.closest(".inline-deletelink");
      if (!link) return;
      var group = getGroup(link);
      var rows = getRows(group).sort(function (one, other) {
        return getIndex(one) - getIndex(other);
      });
      arrange(group, rows);
      setTimeout(function () {
        arrange(group, getOrdered(group));
        update(group);
      }, 0);
    },
    true,
  );
})();

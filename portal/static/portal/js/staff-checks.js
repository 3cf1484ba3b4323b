/* Shows warnings while the user types: values that the server would reject, or that are
   unlikely. Advisory only; the server validates on submit. */
(function () {
  "use strict";
  var texts = document.querySelector("[data-staff-checks]");
  if (!texts) return;

  function day(id) {
    var input = document.getElementById(id);
    var match = input && /^\s*(\d{4})\D(\d{1,2})\D(\d{1,2})/.exec(input.value);
    return match ? Number(match[1]) * 10000 + Number(match[2]) * 100 + Number(match[3]) : 0;
  }

  function value(id) {
    var input = document.getElementById(id);
    return input ? input.value.trim() : "";
  }

  function showMessage(id, text) {
    var input = document.getElementById(id);
    var row = input && input.closest(".form-row");
    if (!row) return;
    var message = row.querySelector(".staff-check");
    if (!message && !text) return;
    if (!message) {
      message = document.createElement("p");
      message.className = "staff-check";
      message.setAttribute("role", "status");
      (row.querySelector(":scope > div") || row).append(message);
    }
    // The server shows the error above the field.
    var isKnown = row.querySelector(".errorlist") !== null;
    message.textContent = text;
    message.hidden = !text || isKnown;
  }

  /* The input of a precision names its date, which has the same prefix in its id. */
  function checkPrecision(input) {
    var name = input.name.slice(input.name.lastIndexOf("-") + 1);
    var hasDay = day(input.id.slice(0, -name.length) + input.dataset.precisionOf) > 0;
    var text = hasDay ? texts.dataset.noPrecision : texts.dataset.noDay;
    showMessage(input.id, hasDay === Boolean(input.value) ? "" : text);
  }

  function check() {
    var first = day("id_starts_on");
    var last = day("id_ends_on");
    showMessage("id_ends_on", last && (!first || last < first) ? texts.dataset.lastBeforeFirst : "");
    document.querySelectorAll("[data-precision-of]").forEach(checkPrecision);
    var register = document.querySelector("[data-on-record]");
    var reported = Number(value("id_reported_participants"));
    var onRecord = register ? Number(register.dataset.onRecord) : 0;
    var differs = reported && onRecord && reported !== onRecord;
    showMessage("id_reported_participants", differs ? register.dataset.differs : "");
  }

  document.addEventListener("input", check);
  document.addEventListener("change", check);
  // The admin's calendar and "today" link fill a field without firing an input event.
  document.addEventListener("click", function () {
    setTimeout(check, 0);
  });
  check();
})();

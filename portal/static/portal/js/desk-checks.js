/* Shows warnings while the user types: values that the server would reject, or that are
   unlikely. Advisory only; the server validates on submit. */
(function () {
  "use strict";
  var words = document.querySelector("[data-desk-checks]");
  if (!words) return;

  function day(id) {
    var input = document.getElementById(id);
    var found = input && /^\s*(\d{4})\D(\d{1,2})\D(\d{1,2})/.exec(input.value);
    return found ? Number(found[1]) * 10000 + Number(found[2]) * 100 + Number(found[3]) : 0;
  }

  function value(id) {
    var input = document.getElementById(id);
    return input ? input.value.trim() : "";
  }

  function tell(id, text) {
    var input = document.getElementById(id);
    var row = input && input.closest(".form-row");
    if (!row) return;
    var told = row.querySelector(".desk-check");
    if (!told) {
      told = document.createElement("p");
      told.className = "desk-check";
      told.setAttribute("role", "status");
      (row.querySelector(":scope > div") || row).append(told);
    }
    told.textContent = text;
    told.hidden = !text;
  }

  function precision(first) {
    if (first && !value("id_date_precision")) return words.dataset.noPrecision;
    if (!first && value("id_date_precision")) return words.dataset.noDay;
    return "";
  }

  function check() {
    var first = day("id_starts_on");
    var last = day("id_ends_on");
    tell("id_ends_on", last && (!first || last < first) ? words.dataset.lastBeforeFirst : "");
    tell("id_date_precision", precision(first || day("id_established_on")));
    var shown = document.querySelector("[data-on-record]");
    var reported = Number(value("id_reported_participants"));
    var onRecord = shown ? Number(shown.dataset.onRecord) : 0;
    var differs = reported && onRecord && reported !== onRecord;
    tell("id_reported_participants", differs ? shown.dataset.differs : "");
  }

  document.addEventListener("input", check);
  document.addEventListener("change", check);
  // The admin's calendar and "today" link fill a field without firing an input event.
  document.addEventListener("click", function () {
    setTimeout(check, 0);
  });
  check();
})();

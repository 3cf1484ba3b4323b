/* Keeps the one-time token of an add form when the user returns with the Back button.
   The page is never cached, so the browser loads it again and restores the entered values;
   with the new token of that page the same form could be saved twice. */
(function () {
  "use strict";
  var input = document.querySelector('input[name="form_token"]');
  if (!input || !window.history.replaceState) return;
  var state = window.history.state || {};
  if (state.formToken) {
    input.value = state.formToken;
  } else {
    window.history.replaceState(Object.assign({}, state, { formToken: input.value }), "");
  }
})();

/* An add form that is opened again by the Back button keeps its one-time token.
   The page is never cached, so the browser fetches it again and restores what was typed;
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

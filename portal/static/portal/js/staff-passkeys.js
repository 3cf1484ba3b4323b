// Connects the buttons of passkey forms to allauth's script; shows a message on failure.
"use strict";
(() => {
  for (const button of document.querySelectorAll("[data-passkey]")) {
    const { passkey, passkeyButton, passkeyCredential, passkeyPasswordless } = button.dataset;
    window.allauth.webauthn.forms[passkey]({
      ids: {
        [passkeyButton]: button.id,
        credential: passkeyCredential,
        passwordless: passkeyPasswordless,
        data: "passkey_options",
      },
    });
  }
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    document.querySelector("[data-passkey-problem]").hidden = false;
  });
})();

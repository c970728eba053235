// Passkeys: forms with data-passkey="login" (ask the server first), "get" and "create" (options in the page).
(() => {
  "use strict";
  const trouble = document.getElementById("passkey-trouble");
  const forms = document.querySelectorAll("form[data-passkey]");
  const supported = Boolean(window.PublicKeyCredential && window.isSecureContext);

  const say = (key) => {
    trouble.textContent = trouble.dataset[key];
    trouble.hidden = false;
  };

  const options = async (form) => {
    if (form.dataset.passkey === "login") {
      const reply = await fetch(form.action, { headers: { Accept: "application/json" } });
      if (!reply.ok) throw new TypeError("no options");
      return (await reply.json()).request_options;
    }
    const given = JSON.parse(document.getElementById("passkey-options").textContent);
    return given.creation_options || given.request_options;
  };

  const run = async (form) => {
    trouble.hidden = true;
    try {
      const asked = await options(form);
      const api = window.webauthnJSON;
      const credential = form.dataset.passkey === "create" ? await api.create(asked) : await api.get(asked);
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch (error) {
      if (error.name === "InvalidStateError") say("known");
      else if (error.name === "TypeError") say("offline");
      else say("cancelled");
    }
  };

  for (const form of forms) {
    form.hidden = form.hidden && !supported;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (supported) run(form);
      else say("unsupported");
    });
  }
})();

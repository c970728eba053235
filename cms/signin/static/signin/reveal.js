// A button beside every password that shows what was typed.
(() => {
  "use strict";
  const words = document.currentScript.dataset;
  const prepare = () => {
    for (const input of document.querySelectorAll("input[data-reveal]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "signin__reveal";
      button.textContent = words.show;
      button.setAttribute("aria-controls", input.id);
      button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", () => {
        const shown = input.type === "text";
        input.type = shown ? "password" : "text";
        button.textContent = shown ? words.show : words.hide;
        button.setAttribute("aria-pressed", String(!shown));
        input.focus();
      });
      input.parentElement.classList.add("signin__revealed");
      input.after(button);
      // Never sent, or kept by the browser, as plain text.
      input.form.addEventListener("submit", () => { input.type = "password"; });
    }
  };
  prepare();
})();

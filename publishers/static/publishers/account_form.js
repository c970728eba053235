/* Shows only the secrets of the chosen kind of account; without it all are shown and the others ignored. */
(() => {
  const kind = document.querySelector("select[name=kind]");
  if (!kind || kind.disabled) return;
  const fields = [...document.querySelectorAll("[data-account]")];
  const show = () => {
    for (const field of fields) field.closest("li").hidden = field.dataset.account !== kind.value;
  };
  kind.addEventListener("change", show);
  show();
})();

/* Shows only the settings of the chosen kind of channel; without it all are shown, and the others are ignored. */
(() => {
  const kind = document.querySelector("select[name=kind]");
  if (!kind) return;
  const fields = [...document.querySelectorAll("[data-kinds]")].map((input) => {
    const row = input.closest("li");
    const label = row.querySelector(`label[for="${input.id}"]`);
    // The words of the label stand in its first text node; a mark for required fields may follow.
    const words = label && [...label.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    return {
      row,
      words,
      general: words ? words.data : "",
      kinds: input.dataset.kinds.split(" "),
      labels: JSON.parse(input.dataset.labels || "{}"),
      hint: input.name === "remote_id" ? row.querySelector("[data-field-help]") : null,
    };
  });
  const show = () => {
    for (const { row, words, general, kinds, labels, hint } of fields) {
      // Whatever is said to be wrong must be seen.
      row.hidden = !kinds.includes(kind.value) && !row.querySelector(".w-field--error");
      if (words) words.data = labels[kind.value] || general;
      // It explains the general words only.
      if (hint) hint.hidden = kind.value in labels;
    }
  };
  kind.addEventListener("change", show);
  show();
})();

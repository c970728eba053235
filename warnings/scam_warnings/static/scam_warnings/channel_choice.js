/* Filter, choose-all and count above a long list of channels; nothing is sent anywhere. */
(() => {
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
  const prepare = (list) => {
    if (list.dataset.ready) return;
    list.dataset.ready = "1";
    const boxes = [...list.querySelectorAll('input[type="checkbox"]')];
    if (boxes.length < 8) return;
    const first = boxes[0].dataset;
    const rows = boxes.map((box) => ({ box, row: box.closest("label").parentElement, words: fold(box.closest("label").textContent) }));
    const bar = document.createElement("div");
    bar.className = "channel-choice";
    const filter = Object.assign(document.createElement("input"), { type: "search", placeholder: first.filter });
    filter.setAttribute("aria-label", first.filter);
    const count = document.createElement("span");
    count.setAttribute("role", "status");
    const shown = () => rows.filter(({ row }) => !row.hidden);
    const tell = () => { count.textContent = first.count.replace("%(count)s", boxes.filter((box) => box.checked).length); };
    const button = (label, value) => {
      const made = Object.assign(document.createElement("button"), { type: "button", className: "button button-small button-secondary", textContent: label });
      made.addEventListener("click", () => {
        shown().forEach(({ box }) => { box.checked = value; });
        boxes[0].dispatchEvent(new Event("change", { bubbles: true }));
        tell();
      });
      return made;
    };
    filter.addEventListener("input", () => {
      const words = fold(filter.value).split(/\s+/).filter(Boolean);
      rows.forEach((item) => { item.row.hidden = !words.every((word) => item.words.includes(word)); });
    });
    // Enter would submit the whole editor.
    filter.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    list.addEventListener("change", tell);
    bar.append(filter, button(first.all, true), button(first.none, false), count);
    list.before(bar);
    tell();
  };
  const start = () => document.querySelectorAll("[data-channel-choice]").forEach((found) => {
    prepare(found.matches("input") ? found.closest("label").parentElement.parentElement : found);
  });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

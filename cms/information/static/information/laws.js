// Filters the documents on the page itself, so that it also answers when the server behind it is away.
(() => {
  const form = document.querySelector("[data-law-filter]");
  const rows = [...document.querySelectorAll("[data-laws] > li")];
  const count = document.querySelector("[data-law-count]");
  if (!form || !rows.length || location.pathname !== "/van-ban/") return;
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();
  const word = count.textContent.replace(/^\s*\d+\s*/, "").trim();
  const filter = () => {
    const words = fold(form.q.value).split(/\s+/).filter(Boolean);
    const [since, until] = [form.tu.value, form.den.value];
    let shown = 0;
    for (const row of rows) {
      const day = row.dataset.day;
      const fits = words.every((part) => row.dataset.words.includes(part)) &&
        (!since || (day && day >= since)) && (!until || (day && day <= until));
      row.hidden = !fits;
      shown += fits;
    }
    count.textContent = shown ? `${shown} ${word}` : count.dataset.none;
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => { event.preventDefault(); filter(); });
})();

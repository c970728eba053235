/*
 * Keeps a table of deliveries fresh while any of them is open: the server's fragment replaces the old one
 * when it differs. Without this script the table is as fresh as the page.
 */
(() => {
  const EVERY = 2000;
  const SLOWEST = 30000;

  const watch = (section) => {
    const content = section.querySelector("[data-deliveries-content]");
    const status = section.querySelector("[data-deliveries-status]");
    let wait = EVERY;
    let shown = "";

    const isOpen = () => content.querySelector("[data-deliveries-panel]")?.dataset.open === "true";
    const words = () => [...content.querySelectorAll("tbody tr")].map((row) => row.querySelector("th").firstChild.textContent.trim() + ": " + row.querySelector(".delivery-state").textContent.trim()).join("; ");

    const refresh = async () => {
      if (!document.hidden) {
        try {
          const reply = await fetch(section.dataset.url, { headers: { "X-Requested-With": "XMLHttpRequest" }, redirect: "manual", cache: "no-store" });
          if (!reply.ok) throw new Error("no panel");
          const html = await reply.text();
          if (html !== shown && !content.contains(document.activeElement)) {
            const before = words();
            content.innerHTML = html;
            shown = html;
            if (before && words() !== before) status.textContent = words();
          }
          wait = EVERY;
        } catch {
          wait = Math.min(wait * 2, SLOWEST);
        }
      }
      if (isOpen()) setTimeout(refresh, wait);
    };

    if (isOpen()) setTimeout(refresh, EVERY);
  };

  document.querySelectorAll("[data-deliveries]").forEach(watch);
})();

/*
 * Keeps the figures and the table of a release fresh while something is open. The server answers 304 while
 * nothing changed; a table in which somebody has chosen rows or works with the keyboard is left alone.
 */
(() => {
  const EVERY = 2000;
  const SLOWEST = 30000;
  const section = document.querySelector("[data-release]");
  if (!section) return;
  const content = section.querySelector("[data-release-content]");
  const status = section.querySelector("[data-release-status]");
  let wait = EVERY;
  let tag = "";

  const panel = () => content.querySelector("[data-open]");
  const busy = () => content.querySelector("input:checked") || content.contains(document.activeElement);

  const refresh = async () => {
    if (!document.hidden && !busy()) {
      try {
        const headers = { "X-Requested-With": "XMLHttpRequest" };
        if (tag) headers["If-None-Match"] = tag;
        const reply = await fetch(section.dataset.url, { headers, redirect: "manual", cache: "no-store" });
        if (reply.status === 200) {
          const html = await reply.text();
          tag = reply.headers.get("ETag") || "";
          if (!busy()) {
            const before = panel()?.dataset.summary;
            content.innerHTML = html;
            if (panel()?.dataset.summary !== before) status.textContent = panel().dataset.summary;
          }
        } else if (reply.status !== 304) {
          throw new Error("no progress");
        }
        wait = EVERY;
      } catch {
        wait = Math.min(wait * 2, SLOWEST);
      }
    }
    if (panel()?.dataset.open === "true") setTimeout(refresh, wait);
  };
  if (panel()?.dataset.open === "true") setTimeout(refresh, EVERY);
})();

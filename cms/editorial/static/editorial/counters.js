/* Live length counters for the texts that have a limit. The server checks the same limits again. */
(() => {
  const gsm7 = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/;
  const extended = /[\^{}\\[~\]|€]/g;

  const length = (text, way) => text.length + (way === "gsm7" ? (text.match(extended) || []).length : 0);

  const watch = (area) => {
    if (area.dataset.counted) return;
    area.dataset.counted = "1";
    const { counter: way, limit, counterLeft, counterOver, counterMarks } = area.dataset;
    const note = document.createElement("p");
    note.className = "text-counter";
    note.setAttribute("role", "status");
    area.after(note);
    const show = () => {
      const text = area.value.normalize("NFC");
      const left = Number(limit) - length(text, way);
      const marked = way === "gsm7" && !gsm7.test(text);
      note.textContent = marked ? counterMarks : (left < 0 ? counterOver : counterLeft).replace("%s", Math.abs(left));
      note.classList.toggle("text-counter--over", marked || left < 0);
    };
    area.addEventListener("input", show);
    show();
  };

  const start = () => document.querySelectorAll("textarea[data-counter]").forEach(watch);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

/* Passing the ready text on: the phone's share sheet where there is one, the clipboard everywhere. */
(() => {
  "use strict";
  const box = document.querySelector("[data-share-text]");
  if (!box) return;
  const share = document.querySelector("[data-share]");
  const copy = document.querySelector("[data-copy]");
  const text = box.textContent.trim();
  if (navigator.share) {
    share.hidden = false;
    share.addEventListener("click", async () => {
      try { await navigator.share({ text }); } catch { /* the person changed their mind */ }
    });
  }
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      getSelection().selectAllChildren(box);
      document.execCommand("copy");
    }
    const label = copy.textContent;
    copy.textContent = copy.dataset.done;
    setTimeout(() => { copy.textContent = label; }, 3000);
  });
})();

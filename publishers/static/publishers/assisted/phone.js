/*
 * Sharing, copying, and a «Đã gửi» that survives a lost network: the tap is kept in IndexedDB with the time it
 * was made and sent when the network is back. The server takes each task once, however often it is told.
 */
(() => {
  "use strict";
  const form = document.querySelector("[data-done-form]");
  const said = document.querySelector("[data-said]");
  const textBox = document.querySelector("[data-text]");
  const say = (words) => { if (said) said.textContent = words; };

  if ("serviceWorker" in navigator) navigator.serviceWorker.register(document.body.dataset.worker).catch(() => {});

  /* ── share, or copy ── */
  const share = document.querySelector("[data-share]");
  const copy = document.querySelector("[data-copy]");
  if (textBox && copy) {
    const text = textBox.textContent;
    const files = [];
    const images = [...document.querySelectorAll("[data-image]")];
    const ready = Promise.all(images.map(async (image) => {
      try {
        const blob = await (await fetch(image.src)).blob();
        files.push(new File([blob], "canh-bao.jpg", { type: blob.type }));
      } catch { /* the picture can still be saved by its link */ }
    }));
    copy.hidden = false;
    if (navigator.share) {
      ready.then(() => { share.hidden = false; });
      share.addEventListener("click", async () => {
        const data = { text };
        if (files.length && navigator.canShare && navigator.canShare({ files, text })) data.files = files;
        // Some applications drop the text of a share with a picture: it lies in the clipboard as well.
        try { await navigator.clipboard.writeText(text); } catch { /* not permitted */ }
        try { await navigator.share(data); } catch { /* the person changed their mind */ }
      });
    }
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        const area = document.createElement("textarea");
        area.value = text;
        document.body.append(area);
        area.select();
        document.execCommand("copy");
        area.remove();
      }
      const label = copy.textContent;
      copy.textContent = copy.dataset.done;
      setTimeout(() => { copy.textContent = label; }, 3000);
    });
  }

  /* ── taps that wait for a network ── */
  const store = () => new Promise((resolve, reject) => {
    const request = indexedDB.open("keng-viec", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("taps", { keyPath: "url" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const inStore = async (mode, act) => {
    const base = await store();
    return new Promise((resolve, reject) => {
      const change = base.transaction("taps", mode);
      const result = act(change.objectStore("taps"));
      change.oncomplete = () => resolve(result.result);
      change.onerror = () => reject(change.error);
    });
  };
  const smaller = async (file) => {
    if (!file || !file.size || !window.createImageBitmap) return file;
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return await new Promise((resolve) => canvas.toBlob((blob) => resolve(blob || file), "image/jpeg", 0.8));
    } catch {
      return file;
    }
  };
  const send = async (tap) => {
    const body = new FormData();
    body.append("at", String(tap.at));
    body.append("url", tap.proof || "");
    if (tap.screenshot) body.append("screenshot", tap.screenshot, "man-hinh.jpg");
    const reply = await fetch(tap.url, { method: "POST", body, headers: { Accept: "application/json" }, credentials: "omit" });
    if (reply.status >= 500 || reply.status === 429) throw new Error("later");
    let words = "";
    try { words = (await reply.json()).message; } catch { /* a page instead of JSON: the link has ended */ }
    return { ok: reply.ok, words, refused: reply.status === 409 };
  };
  const flush = async () => {
    let waiting = [];
    try { waiting = await inStore("readonly", (taps) => taps.getAll()); } catch { return; }
    for (const tap of waiting) {
      try {
        const answer = await send(tap);
        await inStore("readwrite", (taps) => taps.delete(tap.url));
        if (form && form.action === tap.url) {
          say(answer.words);
          if (answer.ok) location.reload();
        }
      } catch { return; }
    }
  };
  window.addEventListener("online", flush);
  setInterval(flush, 30000);
  flush();

  if (form) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      say(form.dataset.sending);
      const tap = { url: form.action, at: Date.now(), proof: form.url.value, screenshot: null };
      if (form.screenshot.files[0]) tap.screenshot = await smaller(form.screenshot.files[0]);
      try {
        await inStore("readwrite", (taps) => taps.put(tap));
      } catch {
        form.submit();
        return;
      }
      try {
        const answer = await send(tap);
        await inStore("readwrite", (taps) => taps.delete(tap.url));
        say(answer.words);
        if (answer.ok) location.reload();
      } catch {
        say(form.dataset.offline);
      }
    });
  }
})();

// Reading without a network. The network is always asked first: what was withdrawn must not come out of a store.
"use strict";
const SHELL = "keng-shell-" + TOLD.version;
const PAGES = "keng-pages";
const PATIENCE = 4000; // milliseconds a saved page waits for the network
const BETWEEN = 10 * 60 * 1000; // milliseconds between two comparisons
const NOT_OURS = /^\/(admin|documents|media|static|viec|thoi-nhan-thu|webhooks|api|feeds|cap|nhung|tim-kiem|en\/tim-kiem)(\/|$)/;
let compared = 0;
let comparing = null;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    await (await caches.open(SHELL)).addAll(TOLD.files);
    await keep(await caches.open(PAGES), TOLD.page, "");
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("keng-shell-") && name !== SHELL) await caches.delete(name);
    }
    await self.clients.claim();
    await compare().catch(() => {});
  })());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (TOLD.files.includes(url.pathname)) event.respondWith(fromShell(event.request, url.pathname));
  else if (event.request.mode === "navigate" && !NOT_OURS.test(url.pathname)) event.respondWith(page(event, url.pathname));
});

async function fromShell(request, path) {
  return (await (await caches.open(SHELL)).match(path)) || fetch(request);
}

async function page(event, path) {
  const cache = await caches.open(PAGES);
  const saved = await cache.match(path);
  // Of what is saved the browser's own store says nothing, not even for the minute a page may be kept.
  const asked = (saved ? fetch(path, { cache: "no-cache", redirect: "manual" }) : fetch(event.request)).then(async (answer) => {
    if (saved) await renew(cache, path, answer.clone());
    return answer;
  });
  event.waitUntil(asked.then(() => compareSometimes(), () => {}));
  if (!saved) {
    return asked.catch(async () => (await cache.match(TOLD.page)) || Response.error());
  }
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE, null); });
  const answer = await Promise.race([asked.catch(() => null), late]);
  return answer && answer.status < 500 ? answer : marked(saved, path);
}

// What the network said of a saved page counts from now on, whatever it said.
async function renew(cache, path, answer) {
  if (answer.status === 404 || answer.status === 410) await cache.delete(path);
  if (!answer.ok || answer.redirected) return;
  const text = await answer.text();
  const saved = await cache.match(path);
  if (saved && text !== (await saved.text())) await cache.put(path, stored(answer, text, "seen"));
}

function compareSometimes() {
  return Date.now() - compared < BETWEEN ? undefined : compare();
}

function compare() {
  comparing = comparing || compareNow().finally(() => { comparing = null; });
  return comparing;
}

// Drop what is no longer listed or no longer current, then fetch what is missing.
async function compareNow() {
  const answer = await fetch(TOLD.saved, { cache: "no-cache", credentials: "omit" });
  if (!answer.ok) return;
  const wanted = new Map((await answer.json()).pages.map((entry) => [entry.path, entry.mark]));
  const cache = await caches.open(PAGES);
  const missing = new Set(wanted.keys());
  for (const request of await cache.keys()) {
    const path = new URL(request.url).pathname;
    const saved = await cache.match(request);
    if (saved && saved.headers.get("X-Keng-Mark") === wanted.get(path)) missing.delete(path);
    else if (path !== TOLD.page) await cache.delete(request);
  }
  compared = Date.now();
  const line = self.navigator.connection;
  const frugal = line && (line.saveData || /2g/.test(line.effectiveType || ""));
  for (const path of missing) {
    if (!frugal || path === TOLD.page) await keep(cache, path, wanted.get(path));
  }
}

async function keep(cache, path, mark) {
  const answer = await fetch(path, { cache: "no-store", credentials: "omit" });
  if (answer.ok && !answer.redirected) await cache.put(path, stored(answer, await answer.text(), mark));
}

function stored(answer, text, mark) {
  const headers = new Headers(answer.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  headers.set("X-Keng-Mark", mark);
  headers.set("X-Keng-Saved", new Date().toISOString());
  return new Response(text, { headers });
}

// A saved page says that it is one, and how old.
async function marked(saved, path) {
  if (path === TOLD.page) return saved;
  const when = new Date(saved.headers.get("X-Keng-Saved"));
  const day = when.toLocaleString("vi-VN", { dateStyle: "short", timeStyle: "short" });
  const note = `<div class="offline-note" role="status"><p><strong>${TOLD.offline}</strong> ${TOLD.savedAt}: ${day}. ${TOLD.mayHaveChanged}</p></div>`;
  const text = (await saved.text())
    .replace("</head>", () => `<link rel="stylesheet" href="${TOLD.style}"></head>`)
    .replace(/<main\b[^>]*>/, (main) => main + note);
  return new Response(text, { headers: saved.headers });
}

/* Keeps the pages, pictures and scripts an operator opened, so that they open without a network too. */
const KEPT = "keng-viec-1";
const MOST = 120;
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || !/^\/(viec|static)\//.test(url.pathname)) return;
  event.respondWith((async () => {
    const cache = await caches.open(KEPT);
    try {
      const reply = await fetch(request);
      if (reply.ok) {
        await cache.put(request, reply.clone());
        const keys = await cache.keys();
        await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST)).map((key) => cache.delete(key)));
      } else if (reply.status === 404 || reply.status === 410) {
        await cache.delete(request);
      }
      return reply;
    } catch (error) {
      const kept = await cache.match(request);
      if (kept) return kept;
      throw error;
    }
  })());
});

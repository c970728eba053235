// Larger text, remembered in the browser. Everything here is extra: each page reads and works without it.
(function () {
  "use strict";
  var root = document.documentElement;
  function stored() {
    try { return localStorage.getItem("larger") === "1"; } catch (error) { return false; /* storage is off */ }
  }
  function show(isLarger, button) {
    root.classList.toggle("larger", isLarger);
    if (button) button.setAttribute("aria-pressed", String(isLarger));
  }
  // Reading without a network (cms/portal/offline); the admin's previews keep out.
  if ("serviceWorker" in navigator && location.pathname.indexOf("/admin/") !== 0) {
    // Once the page is there and nothing else to be done: a slow phone is not held up by what is for later.
    var whenIdle = window.requestIdleCallback || function (call) { setTimeout(call, 200); };
    window.addEventListener("load", function () {
      whenIdle(function () {
        navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(function () { /* online reading goes on */ });
      });
    });
  }
  var button = document.querySelector("[data-larger]");
  show(stored(), button);
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", function () {
    var next = !root.classList.contains("larger");
    show(next, button);
    try { localStorage.setItem("larger", next ? "1" : "0"); } catch (error) { /* it lasts for this page */ }
  });
})();

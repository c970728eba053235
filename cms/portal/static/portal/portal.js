// Larger text, remembered in the browser. Everything here is extra: each page reads and works without it.
(function () {
  "use strict";
  var root = document.documentElement;
  function stored() {
    try { return localStorage.getItem("larger") === "1"; } catch (error) { return false; /* storage is off */ }
  }
  function pressed(button, isLarger) {
    if (button) button.setAttribute("aria-pressed", String(isLarger));
  }
  // While the head is read: the first thing drawn is large already. Without that choice nothing is touched, so
  // that the task of the first layout is not one of this file.
  if (stored()) {
    root.classList.add("larger");
    document.addEventListener("DOMContentLoaded", function () { pressed(document.querySelector("[data-larger]"), true); });
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-larger]");
    if (!button) return;
    var isLarger = root.classList.toggle("larger");
    pressed(button, isLarger);
    try { localStorage.setItem("larger", isLarger ? "1" : "0"); } catch (error) { /* it lasts for this page */ }
  });

  // Reading without a network (cms/portal/offline); the admin's previews keep out.
  if ("serviceWorker" in navigator && location.pathname.indexOf("/admin/") !== 0) {
    // Once the page is there and nothing else to be done: a slow phone is not held up by what is for later. Asked
    // for now and then, since a handler of "load" can run within the task that draws the page for the first time.
    var whenIdle = window.requestIdleCallback || function (call) { setTimeout(call, 200); };
    var onceComplete = function () {
      if (document.readyState !== "complete") { setTimeout(onceComplete, 1000); return; }
      whenIdle(function () {
        navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(function () { /* online reading goes on */ });
      });
    };
    setTimeout(onceComplete, 1000);
  }
})();

// Larger text, remembered in the browser. Everything here is extra: each page reads and works without it.
(function () {
  "use strict";
  var root = document.documentElement;
  function stored() {
    try { return localStorage.getItem("larger") === "1"; } catch (error) { return false; /* storage is off */ }
  }
  // While the head is read: the first thing drawn is large already, and has the button.
  root.classList.add("scripted");
  if (stored()) root.classList.add("larger");

  document.addEventListener("DOMContentLoaded", function () {
    var button = document.querySelector("[data-larger]");
    if (!button) return;
    button.setAttribute("aria-pressed", String(root.classList.contains("larger")));
    button.addEventListener("click", function () {
      var isLarger = root.classList.toggle("larger");
      button.setAttribute("aria-pressed", String(isLarger));
      try { localStorage.setItem("larger", isLarger ? "1" : "0"); } catch (error) { /* it lasts for this page */ }
    });
  });

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
})();

// Everything here is extra: each page reads and works without it.
(function () {
  "use strict";
  var root = document.documentElement;
  var larger = document.querySelector("[data-larger]");
  function show(isLarger) {
    root.classList.toggle("larger", isLarger);
    if (larger) larger.setAttribute("aria-pressed", String(isLarger));
  }
  var stored = null;
  try { stored = localStorage.getItem("larger"); } catch (error) { /* storage is off: the choice lasts for this page */ }
  show(stored === "1");
  if (larger) {
    larger.hidden = false;
    larger.addEventListener("click", function () {
      var next = !root.classList.contains("larger");
      show(next);
      try { localStorage.setItem("larger", next ? "1" : "0"); } catch (error) { /* as above */ }
    });
  }
  var link = document.querySelector("[data-short-link]");
  var copy = document.querySelector("[data-copy]");
  if (link && copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", function () {
      navigator.clipboard.writeText(link.textContent.trim()).then(function () { copy.textContent = copy.dataset.done; });
    });
  }
  var share = document.querySelector("[data-share]");
  if (link && share && navigator.share) {
    share.hidden = false;
    share.addEventListener("click", function () {
      navigator.share({ title: document.title, url: link.textContent.trim() }).catch(function () {});
    });
  }
  var print = document.querySelector("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", function () { window.print(); });
  }
})();

/* The portal's page on the page of review: a part of it first, all of it at a touch. A frame that scrolls by itself
   would hold the finger of whoever wants to pass it on a phone; without this script it does. */
(() => {
  "use strict";
  for (const place of document.querySelectorAll("[data-window]")) {
    const frame = place.querySelector("iframe");
    const whole = place.nextElementSibling.querySelector("[data-whole]");
    const fit = () => {
      const shown = frame.contentDocument?.body;
      // As tall as its content, never as tall as it happens to be now: else it could only grow.
      if (shown) frame.style.height = `${Math.ceil(shown.getBoundingClientRect().height) + 2}px`;
    };
    let watched = false;
    const watch = () => {
      if (watched) return;
      watched = true;
      place.classList.add("review__window--part");
      whole.hidden = false;
      fit();
      new ResizeObserver(fit).observe(frame.contentDocument.body);
    };
    whole.addEventListener("click", () => {
      place.classList.remove("review__window--part");
      whole.hidden = true;
    });
    frame.addEventListener("load", watch);
    if (frame.contentDocument?.readyState === "complete" && frame.contentDocument.body?.childElementCount) watch();
  }
})();

/* A form that comes back with an error shows it: on a long page the button that was pressed stands far below the top. */
(() => {
  "use strict";
  // The editor of warnings leads to its errors by itself, tab by tab.
  const first = [...document.querySelectorAll("form .error-message")].find(
    (error) => error.offsetParent !== null && !error.closest("#page-edit-form"),
  );
  if (!first) return;
  let touched = false;
  for (const deed of ["wheel", "touchstart", "pointerdown", "keydown"]) {
    addEventListener(deed, () => { touched = true; }, { once: true });
  }
  const show = () => { if (!touched) first.scrollIntoView({ block: "center", behavior: "instant" }); };
  show();
  const place = first.closest("li, .w-field__wrapper, fieldset, form");
  place.querySelector(":is(input, textarea, select):not([type=hidden])")?.focus({ preventScroll: true });
  // Pictures and frames above it are still being loaded, and move it.
  addEventListener("load", () => [0, 600].forEach((wait) => setTimeout(show, wait)));
})();

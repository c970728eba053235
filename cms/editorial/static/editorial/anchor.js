// The editor grows and moves its focus while it loads, so the browser's own jump to a field is lost. Go there again
// when the form is ready, unless the person has done something meanwhile.
(() => {
  const section = location.hash.startsWith("#panel-") && document.getElementById(location.hash.slice(1));
  if (!section) return;
  let touched = false;
  const stop = () => { touched = true; };
  for (const deed of ["wheel", "touchstart", "pointerdown", "keydown"]) addEventListener(deed, stop, { once: true });
  const go = () => { if (!touched) section.scrollIntoView({ block: "start", behavior: "instant" }); };
  window.addEventListener("load", () => [100, 600, 1500].forEach((wait) => setTimeout(go, wait)));
})();

/* The running clock of the urgent lane: it counts on from the server's time, whatever this machine's clock says. */
(() => {
  "use strict";
  const loaded = performance.now();
  const two = (number) => String(number).padStart(2, "0");
  const clocks = [...document.querySelectorAll("[data-clock]")].map((place) => ({
    place,
    age: (Date.parse(place.dataset.clockNow) - Date.parse(place.dataset.clock)) / 1000,
  }));
  const draw = () => {
    for (const { place, age } of clocks) {
      const seconds = Math.max(0, Math.floor(age + (performance.now() - loaded) / 1000));
      const hours = Math.floor(seconds / 3600);
      place.textContent = `${two(hours)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    }
  };
  if (clocks.length) {
    draw();
    setInterval(draw, 1000);
  }
})();

/* Counts on what the server showed: the time since a decision, while something of it is open. */
(() => {
  const two = (number) => String(number).padStart(2, "0");
  const tick = () => {
    for (const element of document.querySelectorAll("[data-running-since]")) {
      const seconds = Math.max(0, Math.floor(Date.now() / 1000 - Number(element.dataset.runningSince)));
      // Beyond a day the server's words stand: they name the days.
      if (seconds < 86400) {
        element.textContent = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
      }
    }
  };
  setInterval(tick, 1000);
})();

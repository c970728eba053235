// What a browser can do more for one warning: read it aloud, pass it on, print it.
(function () {
  "use strict";
  function offer(selector, can, act) {
    var button = document.querySelector(selector);
    if (!button || !can) return;
    button.hidden = false;
    button.addEventListener("click", function () { act(button); });
  }
  // The bar with the help for victims lies over the lower edge: no button begins life half under it.
  var bar = document.querySelector(".help-bar");
  var tools = document.querySelector(".warning__tools");
  // Asked in the frame that is about to be drawn, when the places are worked out anyway.
  if (bar && tools) requestAnimationFrame(function () {
    var lid = bar.getBoundingClientRect();
    var row = tools.getBoundingClientRect();
    if (lid.height && row.bottom > lid.top && row.top < lid.bottom) tools.style.marginTop = lid.bottom - row.top + 24 + "px";
  });
  var link = document.querySelector("[data-short-link]");
  var address = link ? link.textContent.trim() : location.href;
  offer("[data-copy]", navigator.clipboard, function (button) {
    navigator.clipboard.writeText(address).then(function () {
      button.querySelector("span").textContent = button.dataset.done;
    });
  });
  offer("[data-share]", navigator.share, function () {
    navigator.share({ title: document.title, url: address }).catch(function () { /* changed their mind */ });
  });
  offer("[data-print]", true, function () { window.print(); });

  // Only with a voice for the language of the page: another one would read the words wrong.
  var tongue = document.documentElement.lang === "en" ? { name: "en-GB", voice: /^en\b/i } : { name: "vi-VN", voice: /^vi\b/i };
  var speech = window.speechSynthesis;
  var listen = document.querySelector("[data-listen]");
  if (!speech || !listen) return;
  var words = listen.querySelector("span");
  var start = words.textContent;
  var reading = 0; // The number of the reading that goes on; 0 for none.
  var readings = 0;
  function voice() {
    return speech.getVoices().filter(function (one) { return tongue.voice.test(one.lang); })[0];
  }
  function sentences() {
    var parts = document.querySelectorAll("h1, .warning__summary, [data-speech] h2, [data-speech] li");
    return Array.prototype.filter.call(parts, function (part) { return !part.closest("[data-silent]"); })
      .map(function (part) { return part.textContent.trim(); });
  }
  function state(number) {
    reading = number;
    words.textContent = number ? listen.dataset.stop : start;
  }
  // Sentence by sentence: some browsers fall silent in the middle of a long text.
  function say(queue, number) {
    if (number !== reading) return;
    if (!queue.length) { state(0); return; }
    var spoken = new SpeechSynthesisUtterance(queue[0]);
    spoken.voice = voice();
    spoken.lang = tongue.name;
    spoken.rate = 0.95;
    spoken.onend = function () { say(queue.slice(1), number); };
    spoken.onerror = function () { if (number === reading) state(0); };
    speech.speak(spoken);
  }
  function offerListening() { if (voice()) listen.hidden = false; }
  listen.addEventListener("click", function () {
    var goesOn = reading;
    state(0);
    speech.cancel();
    if (goesOn) return;
    state(++readings);
    say(sentences(), readings);
  });
  window.addEventListener("pagehide", function () { speech.cancel(); });
  speech.addEventListener("voiceschanged", offerListening);
  offerListening();
})();

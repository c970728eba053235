// Compares a message with the baked index of signs and warnings. No page in here: works in a browser and in Node.
(function (root) {
  "use strict";
  var core = typeof module === "object" && module.exports ? require("../search/core.js") : root.kengSearch;
  var MAX_INPUT = 5000, ALIKE = 55, VERY_ALIKE = 110, MOST = 3, CLEAR = 5, SOME = 2;

  // {verdict: clear | unsure | none, signs: [sign], warnings: [warning]}, the likest warning first.
  function match(raw, index) {
    var words = core.foldedWords(raw.slice(0, MAX_INPUT).normalize("NFC")), text = " " + words.join(" ") + " ";
    var pairs = new Set();
    for (var at = 0; at + 1 < words.length; at++) pairs.add(words[at] + " " + words[at + 1]);
    var signs = index.signs.filter(function (sign) {
      return sign.phrases.some(function (phrase) { return text.indexOf(" " + phrase + " ") >= 0; });
    });
    var alike = index.warnings.map(function (warning) {
      var score = 0, hits = 0;
      warning.terms.forEach(function (term) { if (pairs.has(term[0])) { score += term[1]; hits += 1; } });
      return { warning: warning, score: hits > 1 ? score : 0 };
    }).filter(function (item) { return item.score >= ALIKE; }).sort(function (a, b) { return b.score - a.score; }).slice(0, MOST);
    var weight = signs.reduce(function (sum, sign) { return sum + sign.weight; }, 0), best = alike.length ? alike[0].score : 0;
    var verdict = "none";
    if (weight >= CLEAR || (weight >= 3 && best) || best >= VERY_ALIKE) verdict = "clear";
    else if (weight >= SOME || best) verdict = "unsure";
    return { verdict: verdict, signs: signs, warnings: alike.map(function (item) { return item.warning; }), weight: weight, best: best };
  }

  var made = { match: match };
  if (typeof module === "object" && module.exports) module.exports = made; else root.kengMatching = made;
})(typeof self === "object" ? self : this);

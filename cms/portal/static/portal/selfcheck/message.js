// The page for a pasted message. The index is fetched when the page opens; after that no request is made.
(function () {
  "use strict";
  var form = document.querySelector("[data-message]"), answer = document.querySelector("[data-answer]");
  if (!form || !window.kengMatching || !window.fetch) return;
  var index = fetch("/kiem-tra/tin-nhan/du-lieu.json", { credentials: "omit", referrerPolicy: "no-referrer" })
    .then(function (file) { return file.ok ? file.json() : null; })
    .catch(function () { return null; });
  document.querySelector("[data-plain]").hidden = true;
  form.hidden = false;

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var text = form.elements.tin.value;
    if (!text.trim()) { form.elements.tin.focus(); return; }
    index.then(function (file) {
      if (!file) return show("failed", { signs: [], warnings: [] });
      var found = kengMatching.match(text, file);
      show(found.verdict, found);
    });
  });
  form.addEventListener("reset", function () { answer.replaceChildren(); form.elements.tin.focus(); });

  function show(verdict, found) {
    var made = document.querySelector('template[data-verdict="' + verdict + '"]').content.cloneNode(true);
    fill(made.querySelector("[data-signs]"), found.signs, function (sign) { return document.createTextNode(sign.label); });
    fill(made.querySelector("[data-alike]"), found.warnings, function (warning) {
      var link = document.createElement("a");
      link.href = "/canh-bao/" + warning.slug + "/";
      link.textContent = warning.title;
      return link;
    });
    answer.replaceChildren(made);
    answer.scrollIntoView({ block: "nearest" });
  }
  function fill(part, items, node) {
    if (!part || !items.length) return;
    part.hidden = false;
    var list = part.querySelector("ul");
    items.forEach(function (item) {
      var line = document.createElement("li");
      line.appendChild(node(item));
      list.appendChild(line);
    });
  }
})();

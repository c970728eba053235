// Answers on this device, from finished files; without it the server answers the same form.
(function () {
  "use strict";
  var form = document.querySelector("[data-verify]"), place = document.querySelector("[data-findings]");
  if (!form || !place || !window.kengVerify || !window.kengSearch || !window.fetch) return;
  var templates = document.querySelector("[data-templates]"), SHORTEST = 20;
  function load(path) {
    return fetch(path, { credentials: "omit", referrerPolicy: "no-referrer" }).then(function (answer) {
      // Whatever is public is a finished file; what is none is asked of the CMS, which may be stopped.
      if ([404, 502, 503, 504].indexOf(answer.status) >= 0) return null;
      if (!answer.ok) throw new Error("not to be had");
      return answer;
    });
  }
  function json(path) { return load(path).then(function (answer) { return answer && answer.json(); }); }
  var inEnglish = document.documentElement.lang === "en";
  var searches = [["/tim-kiem/du-lieu/", false], ["/en/tim-kiem/du-lieu/", true]].map(function (one) {
    return new kengSearch.Search(function (name) { return json(one[0] + name + ".json"); }, one[1]);
  });
  form.querySelector("[data-local]").hidden = false;

  function statement(code) { return json("/xac-minh/du-lieu/" + code.toLowerCase() + ".json"); }
  async function codeOf(slug) {
    var page = await load("/canh-bao/" + slug + "/");
    if (!page) return null;
    var found = /\/xac-minh\/du-lieu\/(cb-[0-9]{4}-[0-9]{5,9})\.json/.exec(await page.text());
    return found ? found[1] : null;
  }
  async function about(told, subject) {
    var state = { corrected: "corrected", withdrawn: "withdrawn" }[told.state] || "ours";
    var keys = await json("/xac-minh/khoa.json"), signed = keys ? await kengVerify.isSigned(told, keys) : null;
    if (signed === false) return { verdict: "unknown-code", subject: subject };
    return { verdict: state, subject: subject, told: told, signed: signed === true };
  }
  // Warnings whose whole title stands in the text, the Vietnamese one or else the English one.
  async function titled(text) {
    var folded = " " + kengSearch.foldedWords(text).join(" ") + " ";
    if (folded.length < SHORTEST) return [];
    var rows = await titledIn(searches[0], text, folded);
    // English only adds to the answer: without its files the rest still holds.
    return rows.length ? rows : titledIn(searches[1], text, folded).catch(function () { return []; });
  }
  async function titledIn(search, text, folded) {
    var answer = await search.find(text, {}), rows = await search.rows(answer.ids.slice(0, 24));
    return rows.filter(function (row) {
      var title = " " + kengSearch.foldedWords(row.title).join(" ") + " ";
      return title.length >= SHORTEST && folded.indexOf(title) >= 0;
    }).slice(0, 3);
  }
  async function findings(text) {
    var named = kengVerify.recognise(text, form.dataset.host), directory = await json("/xac-minh/tai-khoan.json");
    if (!directory) throw new Error("the finished files are not there");
    var found = [], known = new Set();
    async function add(told, subject, otherwise) {
      if (!told) { found.push({ verdict: otherwise, subject: subject }); return; }
      if (known.has(told.code)) return;
      known.add(told.code);
      found.push(await about(told, subject));
    }
    for (var code of named.codes) await add(await statement(code), code, "unknown-code");
    for (var slug of named.slugs) {
      var ofPage = await codeOf(slug);
      await add(ofPage && (await statement(ofPage)), "/canh-bao/" + slug + "/", "unknown-page");
    }
    named.accounts.forEach(function (key) {
      var ours = directory.accounts.some(function (account) { return account.keys.indexOf(key) >= 0; });
      found.push({ verdict: ours ? "our-account" : "strange-account", subject: key });
    });
    named.strangers.forEach(function (host) { found.push({ verdict: "strange-address", subject: host }); });
    named.pages.forEach(function (path) { found.push({ verdict: "our-page", subject: path }); });
    directory.accounts.forEach(function (account) {
      if (kengVerify.isName(text, account.name)) found.push({ verdict: "our-name", subject: account.name });
    });
    var digits = (directory.phone || "").replace(/[^0-9]/g, "");
    if (digits.length >= 8 && text.replace(/[^0-9]/g, "").indexOf(digits) >= 0) found.push({ verdict: "our-contact", subject: directory.phone });
    if (directory.email && text.toLowerCase().indexOf(directory.email) >= 0) found.push({ verdict: "our-contact", subject: directory.email });
    if (!known.size) {
      for (var row of await titled(text)) await add(await statement(row.code), row.title, "nothing");
    }
    return found.length ? found : [{ verdict: "nothing", subject: "" }];
  }
  function node(finding) {
    var made = templates.querySelector('[data-verdict="' + finding.verdict + '"]').content.cloneNode(true), told = finding.told;
    var subject = made.querySelector("[data-subject]");
    if (subject) { subject.textContent = finding.subject; subject.hidden = !finding.subject; }
    if (!told) return made;
    var link = made.querySelector("[data-link]"), said = inEnglish && told.content.english;
    link.href = (said ? "/en" : "") + new URL(told.url).pathname;
    link.textContent = (said || told.content).title;
    if (inEnglish && !said) link.lang = link.hreflang = "vi";
    made.querySelector("[data-code]").textContent = told.code;
    ["published", "updated"].forEach(function (name) {
      var day = told[name + "_at"].slice(0, 10);
      made.querySelector("[data-" + name + "]").textContent = kengSearch.dayOf(day, inEnglish);
    });
    made.querySelector("[data-note]").hidden = !told.note;
    made.querySelector("[data-note-text]").textContent = told.note;
    made.querySelector("[data-signed]").hidden = !finding.signed;
    return made;
  }
  async function run() {
    var text = form.elements.q.value;
    if (!text.trim()) { form.elements.q.focus(); return; }
    place.setAttribute("aria-busy", "true");
    try {
      place.replaceChildren.apply(place, (await findings(text)).map(node));
    } catch (_error) {
      place.replaceChildren(templates.querySelector('[data-verdict="failed"]').content.cloneNode(true));
    }
    place.removeAttribute("aria-busy");
    place.scrollIntoView({ block: "nearest" });
  }
  form.addEventListener("submit", function (event) { event.preventDefault(); run(); });
  // A finished page that was asked something: no server was there to answer.
  var asked = new URLSearchParams(location.search).get("q");
  if (asked && !place.children.length) { form.elements.q.value = asked; run(); }
})();

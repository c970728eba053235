// Searches while typing, over the files of the baked index; without it the server answers the same form.
(function () {
  "use strict";
  var form = document.querySelector("[data-finder]"), found = document.querySelector("[data-found]");
  if (!form || !found || !window.fetch) return;
  var input = form.elements.q, status = found.querySelector("[data-status]"), list = found.querySelector("[data-results]");
  var pager = found.querySelector("[data-pager]"), more = found.querySelector("[data-more]"), advice = found.querySelector("[data-advice]");
  var empty = document.querySelector("template[data-result]"), PER_PAGE = 12, turn = 0, timer = 0;
  var inEnglish = document.documentElement.lang === "en";
  var core = document.currentScript.dataset.core, loading = null, search = null;

  // Not before somebody searches: the page is read sooner without it.
  function loaded() {
    loading = loading || import(core).then(function () {
      search = new kengSearch.Search(function (name) {
        return fetch(found.dataset.files + name + ".json", { credentials: "omit", referrerPolicy: "no-referrer" })
          .then(function (answer) { return answer.ok ? answer.json() : null; })
          .catch(function () { return null; });
      }, inEnglish);
    });
    loading.catch(function () { loading = null; });
    return loading;
  }

  function filters() {
    return {
      type: form.elements.loai.value, audience: form.elements["doi-tuong"].value, severity: form.elements.muc.value,
      since: form.elements.tu.value, until: form.elements.den.value
    };
  }
  function isFiltered(chosen) { return Object.keys(chosen).some(function (name) { return chosen[name]; }); }
  function say(name, values) {
    var words = (values.count === "1" && found.dataset[name + "One"]) || found.dataset[name];
    return words.replace(/\{(\w+)\}/g, function (_all, key) { return values[key]; });
  }
  function item(row) {
    var made = empty.content.cloneNode(true), badge = made.querySelector("[data-severity]");
    made.querySelector(".result").classList.add("result--" + row.severity);
    badge.classList.add("badge--" + row.severity);
    made.querySelector('[data-icon="' + (row.severity === "urgent" || row.severity === "caution" ? row.severity : "info") + '"]').hidden = false;
    made.querySelectorAll("[data-field]").forEach(function (place) { place.textContent = row[place.dataset.field] || ""; });
    var link = made.querySelector("[data-link]");
    link.href = found.dataset.warnings + row.slug + "/";
    link.textContent = row.title;
    var day = made.querySelector("[data-day]");
    day.textContent = kengSearch.dayOf(row.day, inEnglish);
    made.querySelector("[data-corrected]").hidden = !row.corrected;
    made.querySelector("[data-old]").hidden = !(row.until && row.until < today());
    return made;
  }
  function today() {
    // The day in Vietnam, wherever the phone thinks it is.
    return new Date(Date.now() + 7 * 36e5).toISOString().slice(0, 10);
  }
  function byCode(raw) {
    var code = /\bcb-\d{4}-\d{5,9}\b/i.exec(raw);
    if (!code) return Promise.resolve(null);
    return fetch("/xac-minh/du-lieu/" + code[0].toLowerCase() + ".json", { credentials: "omit", referrerPolicy: "no-referrer" })
      .then(function (answer) { return answer.ok ? answer.json() : null; })
      .then(function (told) { return told && told.state !== "withdrawn" && (!inEnglish || told.content.english) ? told : null; })
      .catch(function () { return null; });
  }
  // How the form calls ``key``; a statement has the names of severity and type in Vietnamese only.
  function chosenName(field, key) {
    var option = Array.from(form.elements[field].options).find(function (one) { return one.value === key; });
    return option ? option.textContent : "";
  }
  function fromStatement(told) {
    var said = inEnglish ? told.content.english : told.content, severity = told.content.severity, type = told.content.scam_type;
    return {
      slug: told.url.replace(/\/$/, "").split("/").pop(), title: said.title, summary: said.summary, severity: severity.key,
      severityName: inEnglish ? chosenName("muc", severity.key) : severity.name, type: inEnglish ? chosenName("loai", type.key) : type.name,
      day: told.published_at.slice(0, 10), corrected: told.state === "corrected", until: told.expires_on
    };
  }
  async function run(keepAddress) {
    var mine = ++turn, raw = input.value, chosen = filters(), filtered = isFiltered(chosen);
    if (!keepAddress) remember();
    try {
      await loaded();
    } catch (_error) {
      return show(mine, [], found.dataset.failed, false);
    }
    if (mine !== turn) return;
    showStanding(mine, raw, filtered).catch(function () { /* only this part stays out */ });
    if (!kengSearch.parse(raw).words.length && !filtered) return show(mine, [], "", false);
    found.setAttribute("aria-busy", "true");
    try {
      var coded = await byCode(raw);
      if (coded) return show(mine, [], say("words", { count: "1", query: input.value.trim() }), true, [fromStatement(coded)]);
      var answer = await search.find(raw, chosen), rows = await search.rows(answer.ids.slice(0, PER_PAGE));
      var values = { count: answer.ids.length.toLocaleString(inEnglish ? "en-GB" : "vi-VN"), query: answer.query.shown, corrected: answer.corrected };
      var name = answer.ids.length ? (answer.query.words.length ? answer.step : "filtered") : (answer.query.words.length ? "none" : "nothing");
      show(mine, answer.ids, say(name, values), true, rows);
    } catch (_error) {
      search.forget();
      show(mine, [], found.dataset.failed, false);
    }
  }
  function show(mine, ids, words, asked, rows) {
    if (mine !== turn) return;
    found.removeAttribute("aria-busy");
    status.textContent = words;
    pager.hidden = true;
    list.replaceChildren.apply(list, (rows || []).map(item));
    advice.hidden = asked && Boolean(rows && rows.length);
    var shown = PER_PAGE;
    more.hidden = ids.length <= shown;
    more.onclick = async function () {
      var next = await search.rows(ids.slice(shown, shown + PER_PAGE)), first = list.children.length;
      if (mine !== turn) return;
      next.forEach(function (row) { list.appendChild(item(row)); });
      shown += PER_PAGE;
      more.hidden = ids.length <= shown;
      if (list.children[first]) list.children[first].querySelector("a").focus();
    };
  }
  // Below the warnings, and of no weight for them: a file that is missing only leaves this out.
  async function showStanding(mine, raw, filtered) {
    var part = found.querySelector("[data-standing]"), row = document.querySelector("template[data-standing-result]");
    var told = filtered || !kengSearch.parse(raw).words.length ? null : await search.load("noi-dung");
    if (mine !== turn) return;
    var pages = kengSearch.standing(raw, told);
    part.querySelector("ul").replaceChildren.apply(part.querySelector("ul"), pages.map(function (page) {
      var made = row.content.cloneNode(true), link = made.querySelector("a");
      link.href = page.url;
      link.textContent = page.title;
      made.querySelector(".pages__kind").textContent = page.kind;
      made.querySelector(".pages__summary").textContent = page.summary;
      return made;
    }));
    part.hidden = !pages.length;
  }
  function remember() {
    var values = new URLSearchParams();
    new FormData(form).forEach(function (value, name) { if (value) values.set(name, value); });
    var query = values.toString();
    try { history.replaceState(null, "", query ? "?" + query : location.pathname); } catch (_error) { /* too often: the address stays */ }
  }

  input.addEventListener("focus", function () { loaded().catch(function () { /* asked again with the first word */ }); });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    clearTimeout(timer);
    loaded().then(function () { run(); }, function () { form.submit(); });
  });
  input.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(run, 180);
  });
  form.addEventListener("change", function (event) { if (event.target !== input) run(); });
  // A finished page that was asked something: no server was there to answer.
  var asked = new URLSearchParams(location.search), any = false;
  ["q", "loai", "doi-tuong", "muc", "tu", "den"].forEach(function (name) {
    if (!asked.get(name)) return;
    any = true;
    form.elements[name].value = asked.get(name);
  });
  if (any && !("answered" in found.dataset)) {
    if (isFiltered(filters())) form.querySelector("details").open = true;
    run(true);
  }
})();

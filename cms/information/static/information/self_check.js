// The form of the self-check: "Leads to" is a list of the questions and outcomes that stand on the form right now,
// and the short name of a page is made from its first words. The fields themselves stay: what is sent is in them.
(function () {
  "use strict";
  var MARK = "data-leads-to", KEY = "data-page-key";

  function slug(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase()
      .replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40).replace(/-[^-]*$/, function (end) {
        return text.length > 40 ? "" : end;
      });
  }
  // questions-3-value-key → questions-3-value-question, outcomes-…-title
  function words(key) {
    var stem = key.name.replace(/-key$/, "");
    return document.querySelector('[name="' + stem + '-question"]') || document.querySelector('[name="' + stem + '-title"]');
  }
  function isGone(field) {
    var stem = field.name.replace(/-value-.*$/, ""), deleted = document.querySelector('[name="' + stem + '-deleted"]');
    return deleted && deleted.value;
  }
  function pages(part) {
    return Array.from(document.querySelectorAll('input[' + KEY + '][name^="' + part + '-"]')).filter(function (key) {
      return key.value && !isGone(key);
    }).map(function (key) { return { key: key.value, text: (words(key) || key).value || key.value }; });
  }
  function option(value, text) {
    var made = document.createElement("option");
    made.value = value;
    made.textContent = text;
    return made;
  }
  function fill(select, field) {
    var own = field.name.replace(/-value-.*$/, ""), known = field.value === "";
    select.replaceChildren(option("", "—"));
    [["questions", select.dataset.questions], ["outcomes", select.dataset.outcomes]].forEach(function (part) {
      var group = document.createElement("optgroup");
      group.label = part[1];
      pages(part[0]).forEach(function (page) {
        var key = document.querySelector('[name="' + own + '-value-key"]');
        if (part[0] === "questions" && key && key.value === page.key) return;
        group.appendChild(option(page.key, page.text));
        known = known || page.key === field.value;
      });
      if (group.children.length) select.appendChild(group);
    });
    if (!known) select.appendChild(option(field.value, field.value + " ?"));
    select.value = field.value;
    select.classList.toggle("leads-to--lost", !known);
  }
  // What the tab calls them.
  function tabName(part) {
    var field = document.querySelector('[name="' + part + '-count"]'), tab = field && field.closest('[role="tabpanel"]');
    var label = tab && document.getElementById(tab.getAttribute("aria-labelledby"));
    return label ? label.firstChild.textContent.trim() : part;
  }
  function enhance(field) {
    if (field.dataset.enhanced) return;
    field.dataset.enhanced = "yes";
    var select = document.createElement("select");
    select.className = "leads-to";
    select.dataset.questions = TOLD.questions;
    select.dataset.outcomes = TOLD.outcomes;
    if (field.getAttribute("aria-describedby")) select.setAttribute("aria-describedby", field.getAttribute("aria-describedby"));
    // The label belongs to what people see.
    select.id = field.id;
    field.id = "";
    field.hidden = true;
    field.type = "hidden";
    field.after(select);
    fill(select, field);
    select.addEventListener("focus", function () { fill(select, field); });
    select.addEventListener("change", function () {
      field.value = select.value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  var TOLD = { questions: "", outcomes: "" };
  function refresh() {
    document.querySelectorAll("input[" + MARK + "]").forEach(function (field) {
      enhance(field);
      var select = field.nextElementSibling;
      if (select && select !== document.activeElement) fill(select, field);
    });
  }
  document.addEventListener("DOMContentLoaded", function () {
    TOLD.questions = tabName("questions");
    TOLD.outcomes = tabName("outcomes");
    refresh();
    var asked = 0;
    new MutationObserver(function (changes) {
      var isNew = changes.some(function (change) {
        return Array.from(change.addedNodes).some(function (node) { return node.querySelector && node.querySelector("input[" + MARK + "]"); });
      });
      if (!isNew) return;
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(refresh);
    }).observe(document.body, { childList: true, subtree: true });
    document.addEventListener("focusout", function (event) {
      var name = event.target.name || "", match = /^((?:questions|outcomes)-\d+-value)-(question|title|key)$/.exec(name);
      if (!match) return;
      var key = document.querySelector('[name="' + match[1] + '-key"]');
      if (key && !key.value && match[2] !== "key") key.value = slug(event.target.value);
      refresh();
    });
  });
})();

// Answers searches over a folder of finished files: node answer.cjs FOLDER [en] < [[query, filters], …] > [[ids, step, corrected], …]
"use strict";
const fs = require("fs");
const path = require("path");
const core = require("../../../cms/portal/static/portal/search/core.js");

const inEnglish = process.argv[3] === "en";
const root = path.join(process.argv[2], inEnglish ? "en" : "", "tim-kiem", "du-lieu");
const load = async (name) => {
  try { return JSON.parse(fs.readFileSync(path.join(root, name + ".json"), "utf-8")); } catch { return null; }
};
(async () => {
  const asked = JSON.parse(fs.readFileSync(0, "utf-8"));
  const search = new core.Search(load, inEnglish);
  const answers = [];
  for (const [query, filters] of asked) {
    const started = process.hrtime.bigint();
    const found = await search.find(query, filters);
    const rows = await search.rows(found.ids.slice(0, 12));
    answers.push({
      ids: found.ids, step: found.step, corrected: found.corrected, words: found.query.words,
      marked: found.query.marked, rows: rows.map((row) => row.id), ms: Number(process.hrtime.bigint() - started) / 1e6,
    });
  }
  process.stdout.write(JSON.stringify(answers));
})();

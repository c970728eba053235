// Times the browser's engine over a folder of finished files: node portal_search.cjs FOLDER < [[query, filters], …]
"use strict";
const fs = require("fs");
const path = require("path");
const core = require("../../cms/portal/static/portal/search/core.js");

const root = path.join(process.argv[2], "tim-kiem", "du-lieu");
let bytes = 0;
let files = 0;
const load = async (name) => {
  const file = path.join(root, name + ".json");
  try {
    const read = JSON.parse(fs.readFileSync(file, "utf-8"));
    bytes += fs.statSync(file + ".br").size;
    files += 1;
    return read;
  } catch { return null; }
};
const timed = async (search, query, filters) => {
  const started = process.hrtime.bigint();
  const found = await search.find(query, filters);
  await search.rows(found.ids.slice(0, 12));
  return [Number(process.hrtime.bigint() - started) / 1e6, found];
};
(async () => {
  const asked = JSON.parse(fs.readFileSync(0, "utf-8"));
  const answers = [];
  await timed(new core.Search(load), "khởi động", {});
  for (const [query, filters] of asked) {
    bytes = files = 0;
    const search = new core.Search(load);
    const [cold, found] = await timed(search, query, filters);
    const fetched = [bytes, files];
    const [warm] = await timed(search, query, filters);
    answers.push({ query, cold, warm, bytes: fetched[0], files: fetched[1], found: found.ids.length, step: found.step });
  }
  process.stdout.write(JSON.stringify(answers));
})();

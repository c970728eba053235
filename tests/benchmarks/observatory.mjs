// The grade Mozilla's Observatory gives to headers and a page. Read by page_rules.py.
// Usage: node observatory.mjs FOLDER_OF_THE_PACKAGE < {"host", "headers", "html"}
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const load = (file) => import(pathToFileURL(`${folder}/src/${file}`));
const { ALL_TESTS } = await load("constants.js");
const { Requests } = await load("types.js");
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await load("grader/charts.js");
const { getGradeForScore, getScoreModifier } = await load("grader/grader.js");
const { parseHttpEquivHeaders } = await load("retriever/utils.js");
const { Session } = await load("retriever/session.js");

const { host, headers, html } = JSON.parse(readFileSync(0, "utf8"));
const lowered = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
const made = new Requests(host);
const answer = { status: 200, headers: lowered, data: html, request: { path: "/" }, verified: true };
answer.httpEquiv = parseHttpEquivHeaders(html, `https://${host}/`);
made.responses.auto = made.responses.https = answer;
made.responses.http = { ...answer };
made.responses.cors = { ...answer, headers: {} };
const hop = (scheme) => ({ url: new URL(`${scheme}://${host}/`), status: scheme === "http" ? 301 : 200 });
made.responses.httpRedirects = [hop("http"), hop("https")];
made.responses.httpsRedirects = [hop("https")];
made.resources.path = html;
made.session = new Session(new URL(`https://${host}/`));

let full = 100;
let plain = 100;
const tests = {};
for (const test of ALL_TESTS) {
  const result = test(made);
  if (!result.result) continue;
  const modifier = getScoreModifier(result.result);
  full += modifier;
  plain += Math.min(modifier, 0);
  tests[result.name ?? result.constructor.name] = `${result.result} (${modifier})`;
}
const score = plain >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? full : plain;
console.log(JSON.stringify({ score, grade: getGradeForScore(score).grade, tests }));

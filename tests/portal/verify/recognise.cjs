// Recognises what texts name: node recognise.cjs HOST < [text, …] > [named, …]
"use strict";
const core = require("../../../cms/portal/static/portal/verify/core.js");
const texts = JSON.parse(require("fs").readFileSync(0, "utf-8"));
process.stdout.write(JSON.stringify(texts.map((text) => core.recognise(text, process.argv[2]))));

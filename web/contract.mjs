// packages/protocol/contract.ts: the types of contract/openapi, whose files the server puts together
// in the same way. `node contract.mjs`; `node contract.mjs --check` fails when it is not theirs.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import yaml from "js-yaml";
import openapiTS, { astToString } from "openapi-typescript";

const here = path.dirname(fileURLToPath(import.meta.url));
const folder = path.join(here, "../contract/openapi");
const file = path.join(here, "packages/protocol/contract.ts");

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
function merge(into, from) {
  for (const [key, value] of Object.entries(from))
    if (isObject(value) && isObject(into[key])) merge(into[key], value);
    else into[key] = value;
  return into;
}

const whole = readdirSync(folder).filter((name) => name.endsWith(".yaml")).sort()
  .reduce((all, name) => merge(all, yaml.load(readFileSync(path.join(folder, name), "utf8"))), {});
whole.paths = {};  // the client's calls are in api.ts; their bodies are the schemas
const types = "// Made from contract/openapi by `npm run contract`: change it there.\n"
  + astToString(await openapiTS(whole, { alphabetize: true }));

if (!process.argv.includes("--check")) {
  writeFileSync(file, types);
} else if (readFileSync(file, "utf8") !== types) {
  console.error("web/packages/protocol/contract.ts is not made from contract/openapi as it is: run `npm run contract` in web");
  process.exit(1);
}

// Lighthouse, as an auditor runs it: on the demonstration page, closed and open, and inside the frame,
// which it does not enter by itself.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Town } from "./server.mjs";
import { e2e, kPage, openRoots, startBrowser } from "./support.mjs";

const web = path.join(import.meta.dirname, "..");
const from = createRequire(path.join(e2e, "package.json"));
const { navigation, snapshot } = await import(pathToFileURL(from.resolve("lighthouse")));
const { default: puppeteer } = await import(pathToFileURL(from.resolve("puppeteer-core")));

const flags = { onlyCategories: ["accessibility"], logLevel: "silent", maxWaitForLoad: 120_000, enableErrorReporting: false };
const desktop = { formFactor: "desktop", screenEmulation: { disabled: true }, throttlingMethod: "provided" };

let chrome, driver, town, page;
before(async () => {
  execFileSync(process.execPath, ["build.mjs"], { cwd: web });
  chrome = await startBrowser();
  driver = await puppeteer.connect({ browserWSEndpoint: chrome.endpoint, defaultViewport: null, protocolTimeout: 300_000 });
  town = await new Town().start();
  page = await driver.newPage();
  page.setDefaultTimeout(120_000);
});
after(async () => {
  await driver?.disconnect();
  await chrome?.stop();
  await town?.stop();
});

function perfect({ lhr }, atLeast) {
  assert.equal(lhr.runtimeError, undefined);
  const audits = Object.values(lhr.audits);
  const failed = audits.filter(({ score }) => score !== null && score < 1)
    .map(({ id, details }) => `${id}: ${(details?.items ?? []).slice(0, 3).map(({ node }) => node?.selector).join(" | ")}`);
  assert.deepEqual(failed, []);
  assert.equal(lhr.categories.accessibility.score, 1);
  assert.ok(audits.filter(({ score }) => score === 1).length >= atLeast, "it looked at something");
}

test("the demonstration page, closed, on a phone", async () => {
  perfect(await navigation(page, `${town.url}/widget/demo.html`, { flags }), 8);
});

test("the demonstration page, open", async () => {
  await page.evaluateOnNewDocument(openRoots);
  await page.goto(`${town.url}/widget/demo.html`);
  await (await page.waitForSelector("parvis-chat >>> .b")).click();
  await page.waitForSelector("parvis-chat >>> dialog.r");
  perfect(await snapshot(page, { flags: { ...flags, ...desktop } }), 8);
});

test("the frame: welcome, then an answer with its parts, sources and choices", async () => {
  await page.goto(town.url + kPage);
  await page.waitForSelector('.log[aria-busy="false"]');
  perfect(await snapshot(page, { flags: { ...flags, ...desktop } }), 10);
  await page.type("#words", "perte de ma carte d’identité, que faire");
  await page.keyboard.press("Enter");
  await page.waitForSelector("[data-seq]");
  perfect(await snapshot(page, { flags: { ...flags, ...desktop } }), 12);
});

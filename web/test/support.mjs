// Chromium as tests/e2e drives it; the packages that do are there.
import { createRequire } from "node:module";
import path from "node:path";

export const e2e = path.join(import.meta.dirname, "../../tests/e2e");
export const { startBrowser } = await import(path.join(e2e, "support.mjs"));
export const axe = createRequire(path.join(e2e, "package.json"))("axe-core");

// A condition, looked at every few milliseconds.
export async function until(condition, what = String(condition)) {
  const limit = performance.now() + 120_000;
  while (!(await condition())) {
    if (performance.now() > limit) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

// axe does not see closed roots; the tests alone open them.
export const openRoots = () => {
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) { return attach.call(this, { ...init, mode: "open" }); };
};

export const kPage = "/widget/?commune=99001";

export async function say(page, text) {
  const bots = await page.locator("[data-seq]").count();
  await page.getByLabel("Votre message").fill(text);
  await page.keyboard.press("Enter");
  return bots;
}

export async function sayAndRead(page, text) {
  const bots = await say(page, text);
  await page.locator("[data-seq]").nth(bots).waitFor();
}

// The chat as a page, ready to be written in.
export async function openChat(page, town) {
  await page.goto(town.url + kPage);
  await page.locator('.log[aria-busy="false"]').waitFor();
  await page.getByText("Saint-Aubin-sur-Orle", { exact: true }).waitFor();
}

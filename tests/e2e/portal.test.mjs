// The portal in a real browser: what a citizen sees, hears and can do, with and without JavaScript.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import axe from "axe-core";
import { ask, commune, states } from "./pages.mjs";
import { startBrowser, startServer } from "./support.mjs";

let server, chrome;
before(async () => {
  server = await startServer();
  chrome = await startBrowser();
});
after(async () => {
  await chrome?.stop();
  await server?.stop();
});

// A page of its own, and what it did that a page of ours must not do: say an error, ask another
// host, receive an answer that its test does not expect.
async function fresh(options = {}, expected = [200, 304]) {
  const context = await chrome.browser.newContext({ baseURL: server.url, ...options });
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !/status of 4\d\d/.test(message.text())) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== server.url) faults.push(`asks another host: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (![...expected, 303].includes(response.status())) faults.push(`${response.status()} ${response.url()}`);
  });
  return {
    page,
    async close() {
      const cookies = await context.cookies();
      await context.close();
      assert.deepEqual(faults, []);
      assert.deepEqual(cookies, []);
    },
  };
}

// All rules the first time; then those that a theme or a width can change.
async function violations(page) {
  const options = { resultTypes: ["violations"] };
  if (await page.evaluate(() => "axe" in window)) options.runOnly = ["color-contrast", "target-size", "scrollable-region-focusable"];
  else await page.evaluate(axe.source);
  const found = await page.evaluate((wanted) => window.axe.run(document, wanted), options);
  return found.violations.map((rule) => `${rule.id}: ${rule.nodes.slice(0, 3).map((node) => node.target).join(" | ")}`);
}

describe("every page and state", () => {
  for (const state of states)
    test(state.name, async () => {
      const { page, close } = await fresh({ reducedMotion: "reduce" }, [200, 304, state.status ?? 200]);
      await state.open(page);
      assert.equal(await page.locator("h1").count(), 1);
      assert.match(await page.title(), /, (Saint-Aubin-sur-Orle|Agglomération du Val d’Orle)$/);
      for (const colorScheme of ["light", "dark"])
        for (const width of [320, 1280]) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize({ width, height: 900 });
          const where = `${state.name}, ${colorScheme}, ${width} px`;
          assert.deepEqual(await violations(page), [], where);
          const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
          assert.ok(wide <= 0, `${where}: scrolls sideways by ${wide} px`);
        }
      await close();
    });
});

test("the typeface and the drawings are ours, and cached for ever", async () => {
  const { page, close } = await fresh();
  const fonts = [];
  page.on("response", (response) => {
    if (response.url().includes("/fonts/")) fonts.push(response.headers()["cache-control"]);
  });
  await page.goto("/");
  await page.evaluate(() => document.fonts.ready);
  assert.ok(await page.evaluate(() => document.fonts.check('700 18px "Atkinson Hyperlegible"')));
  assert.ok(fonts.length >= 2);
  for (const control of fonts) assert.match(control, /immutable/);
  await close();
});

// ── by keyboard alone ──

// Tabs until the element that has the focus matches; each stop shows where it is.
async function tabTo(page, selector) {
  for (let stops = 0; stops < 80; ++stops) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate((wanted) => {
      const element = document.activeElement;
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      return { found: element.matches(wanted), name: element.outerHTML.slice(0, 120),
        ring: parseFloat(style.outlineWidth), seen: box.bottom > 0 && box.top < innerHeight };
    }, selector);
    assert.ok(focus.ring >= 2, `no visible focus: ${focus.name}`);
    assert.ok(focus.seen, `focus out of sight: ${focus.name}`);
    if (focus.found) return;
  }
  assert.fail(`${selector} is not reached by Tab`);
}

test("skip link, ask, choose, read the source, come back, say that it helped", async () => {
  const { page, close } = await fresh();
  await page.goto(commune);
  await tabTo(page, ".skip");
  await page.keyboard.press("Enter");
  await tabTo(page, "#q");
  await page.keyboard.type("perte de ma carte d'identité que faire");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/question");
  await tabTo(page, "button.choice");
  const choice = await page.evaluate(() => document.activeElement.textContent.trim());
  await page.keyboard.press("Enter");
  await page.waitForLoadState();
  const answer = await page.locator("h1").textContent();
  assert.ok(choice.length > 0 && answer.length > 0);
  await tabTo(page, ".sources a[href*='/fiche/']");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/fiche/**");
  assert.ok(page.url().includes(commune));
  await page.goBack();  // the question is not posted again
  assert.equal(await page.locator("h1").textContent(), answer);
  await page.locator("#avis").click();
  await tabTo(page, ".feedback button");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/avis");
  assert.match(await page.title(), /^Merci/);
  assert.equal(await page.getByRole("status").count(), 1);
  await close();
});

test("no is sent with its reason", async () => {
  const { page, close } = await fresh({}, [200, 304, 400]);
  await ask(page, "tarif cantine scolaire");
  await page.locator(".feedback summary").click();
  await page.getByRole("button", { name: "Envoyer mon avis" }).click();
  assert.match(await page.title(), /^Erreur/);
  assert.match(await page.getByRole("group", { name: "Pourquoi" }).evaluate((f) => f.ariaDescribedByElements[0].textContent), /Choisissez une raison/);
  await page.getByLabel("C’est faux ou dépassé").check();
  await page.getByRole("button", { name: "Envoyer mon avis" }).click();
  assert.match(await page.title(), /^Merci/);
  await close();
});

test("an empty question: the error is announced, tied to its field, and mended there", async () => {
  const { page, close } = await fresh({}, [200, 304, 400]);
  await ask(page, "  ");
  assert.match(await page.title(), /^Erreur/);
  assert.equal(await page.getByRole("alert").count(), 1);
  const field = page.getByLabel("Votre question");
  assert.match(await field.evaluate((f) => f.ariaDescribedByElements[0].textContent), /Écrivez votre question/);
  await page.getByRole("link", { name: "Écrivez votre question" }).click();
  assert.ok(await field.evaluate((f) => f === document.activeElement));
  await close();
});

// ── without JavaScript ──

test("asks, answers and changes colours without JavaScript", async () => {
  const { page, close } = await fresh({ javaScriptEnabled: false, colorScheme: "light" });
  await ask(page, "tarif cantine scolaire");
  assert.ok((await page.locator(".sources li").count()) > 0);
  assert.equal(await page.locator("[data-print]:visible").count(), 0);
  const ground = () => page.locator("body").screenshot({ clip: { x: 2, y: 300, width: 1, height: 1 } });
  const light = await ground();
  await page.getByLabel("Sombre").check();
  assert.notDeepEqual(await ground(), light);
  await close();
});

test("the colours chosen are kept from page to page", async () => {
  const { page, close } = await fresh({ colorScheme: "light" });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.goto("/");
  const light = await ground();
  await page.getByLabel("Sombre").check();
  const dark = await ground();
  assert.notEqual(dark, light);
  await page.goto(`${commune}services`);
  assert.equal(await ground(), dark);
  assert.ok(await page.getByLabel("Sombre").isChecked());
  await page.getByLabel("Comme l’appareil").check();
  assert.equal(await ground(), light);
  await close();
});

test("on paper every situation is open and nothing is to be clicked", async () => {
  const { page, close } = await fresh();
  await page.goto(`${commune}fiche/particuliers/F1341`);
  const last = page.locator("details .matter").last();
  assert.ok(!(await last.isVisible()));
  await page.emulateMedia({ media: "print" });
  assert.ok(await last.isVisible());
  assert.ok(!(await page.locator("nav[aria-label=Principale]").isVisible()));
  await close();
});

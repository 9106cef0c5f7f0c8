// The portal in a real browser: what a citizen sees, hears and can do, with and without JavaScript.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ask, commune, say, states, talk } from "./pages.mjs";
import { startBrowser, startServer } from "./support.mjs";
import { judge, tabTo, visit } from "./visit.mjs";

let server, chrome;
before(async () => {
  server = await startServer();
  chrome = await startBrowser();
});
after(async () => {
  await chrome?.stop();
  await server?.stop();
});

const fresh = (options, expected) => visit(chrome, server, options, expected);

describe("every page and state", () => {
  for (const state of states)
    test(state.name, async () => {
      const { page, close } = await fresh({ reducedMotion: "reduce" }, [200, 304, state.status ?? 200]);
      await state.open(page);
      await judge(page, state.name);
      await close(...(state.cookie ? ["conversation"] : []));
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

// ── a conversation, without JavaScript ──

const turns = (page) => page.locator(".log > .turn");
const quiet = { javaScriptEnabled: false };

test("a conversation by keyboard alone: begin, choose, judge, speak to somebody, erase", async () => {
  const { page, close } = await fresh(quiet);
  await page.goto(commune);
  await tabTo(page, "a[href$='/conversation']");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/conversation");
  assert.deepEqual(await page.context().cookies(), []);
  await tabTo(page, "#message");
  await page.keyboard.type("perte de ma carte d'identité que faire");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/conversation?suite=1#m2");
  assert.equal(await page.evaluate(() => document.activeElement.id), "m2");  // the answer is read first
  const [cookie] = await page.context().cookies();
  assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.path], [true, "Lax", `${commune}conversation`]);
  await tabTo(page, "li button.choice");
  const choice = await page.evaluate(() => document.activeElement.textContent.trim());
  await page.keyboard.press("Enter");
  await page.waitForURL("**#m4");
  assert.ok((await turns(page).nth(2).textContent()).includes(choice));
  await page.reload();
  assert.equal(await turns(page).count(), 4);  // nothing is sent twice
  await tabTo(page, ".feedback summary");
  await page.keyboard.press("Enter");
  await tabTo(page, ".feedback input[type=radio]");
  await page.keyboard.press("Space");
  await tabTo(page, ".feedback fieldset .btn");
  await page.keyboard.press("Enter");
  await page.waitForURL("**#avis-4");
  assert.match(await page.locator("#avis-4").textContent(), /Il manque quelque chose/);
  await tabTo(page, "button[name=say]");
  await page.keyboard.press("Enter");
  await page.waitForURL("**#m6");
  assert.ok((await page.locator("a[href^='tel:']").count()) > 0);
  await tabTo(page, "a[href$='/effacer']");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/effacer");
  await tabTo(page, "form.row button");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/effacee");
  assert.match(await page.title(), /^La conversation est effacée/);
  await close();
});

test("two presses of the same button are one message of one conversation", async () => {
  const { page, close } = await fresh(quiet);
  await talk(page);
  await page.locator("#message").fill("bonjour");
  await page.getByRole("button", { name: "Envoyer", exact: true }).dblclick();
  await page.waitForURL("**#m2");
  assert.equal(await turns(page).count(), 2);
  await close("conversation");
});

test("a message that is too long comes back with what to do, tied to its field", async () => {
  const { page, close } = await fresh({}, [200, 304, 413]);
  const long = "mot ".repeat(2100).trim();
  await talk(page, long);
  assert.match(await page.title(), /^Erreur/);
  assert.equal(await page.getByRole("alert").count(), 1);
  const field = page.getByLabel("Votre question");
  assert.equal(await field.inputValue(), long);
  assert.match(await field.evaluate((f) => f.ariaDescribedByElements[0].textContent), /envoyez-le en deux fois/);
  await page.getByRole("alert").getByRole("link").click();
  assert.ok(await field.evaluate((f) => f === document.activeElement));
  await close();
});

test("a lost cookie is said, and what was written is kept", async () => {
  const { page, close } = await fresh(quiet, [200, 304, 404]);
  await talk(page, "bonjour");
  await page.context().clearCookies();
  await say(page, "tarif cantine scolaire");
  assert.match(await page.title(), /^Cette conversation n’est plus là/);
  assert.equal(await page.getByLabel("Votre question").inputValue(), "tarif cantine scolaire");
  await page.getByRole("button", { name: "Envoyer", exact: true }).click();
  assert.equal(await turns(page).count(), 2);
  await close("conversation");
});

test("an answer goes on as a conversation, which is kept as a file and printed", async () => {
  const { page, close } = await fresh({ ...quiet, acceptDownloads: true });
  await ask(page, "tarif cantine scolaire");
  await page.getByRole("button", { name: "Poursuivre la conversation" }).click();
  assert.equal(await turns(page).count(), 2);
  for (const [link, name] of [["Télécharger le texte", /\.txt$/], ["Télécharger les données (JSON)", /\.json$/]]) {
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: link }).click()]);
    assert.match(file.suggestedFilename(), name);
  }
  await page.emulateMedia({ media: "print" });
  assert.ok(await turns(page).last().isVisible());
  assert.ok(!(await page.locator("#message").isVisible()));
  assert.ok(!(await page.locator(".tools").isVisible()));
  await close("conversation");
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

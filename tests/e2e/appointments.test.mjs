// Appointments in a real browser, with and without JavaScript.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { book, choose, enter, firstSlot, keep, list, states, who } from "./appointments.mjs";
import { commune } from "./pages.mjs";
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
const quiet = { javaScriptEnabled: false };
const heading = (page) => page.locator("h1").textContent();
const value = (page) => firstSlot(page).getAttribute("value");

describe("every page and state", () => {
  for (const state of states)
    test(state.name, async () => {
      const { page, close } = await fresh({ reducedMotion: "reduce" }, [200, 304, state.status ?? 200]);
      await state.open(page);
      await judge(page, state.name);
      await close(...[state.cookie].filter(Boolean));
    });
});

test("from the home page to the appointment, moved and cancelled, by keyboard alone, without JavaScript", async () => {
  const { page, close } = await fresh(quiet);
  await page.goto(commune);
  await tabTo(page, "nav a[href$='/rendez-vous']");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/rendez-vous");
  await tabTo(page, "a[href$='/titres-identite/carte-identite']");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/carte-identite");
  assert.deepEqual(await page.context().cookies(), []);
  await tabTo(page, "input[name=debut]");
  await page.keyboard.press("Space");
  assert.ok(await firstSlot(page).isChecked());
  await tabTo(page, "main .btn--big");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/vous");
  await tabTo(page, "#name");
  await page.keyboard.type("Zoé Lambert");
  await tabTo(page, "#email");
  await page.keyboard.type("zoe.lambert@example.org");
  await tabTo(page, "#sign_language");
  await page.keyboard.press("Space");
  await tabTo(page, "main .btn--big");
  await page.keyboard.press("Enter");
  await page.waitForURL("**?pris");
  assert.equal(await heading(page), "Votre rendez-vous est pris");
  const practical = await page.locator("main").textContent();
  for (const words of ["20 minutes", "3, place du Parvis", "langue des signes", "Une photo d’identité"])
    assert.ok(practical.includes(words), words);
  const before = await page.locator(".plaque--wide b").textContent();
  await tabTo(page, "main a[href$='/deplacer']");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/deplacer");
  await tabTo(page, "input[name=debut]");
  await page.keyboard.press("ArrowDown");
  await tabTo(page, "main .btn--big");
  await page.keyboard.press("Enter");
  await page.waitForURL(/mien\/[0-9a-f]+$/);
  assert.notEqual(await page.locator(".plaque--wide b").textContent(), before);
  await tabTo(page, "main a[href$='/annuler']");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/annuler");
  await tabTo(page, "main .btn--big");
  await page.keyboard.press("Enter");
  await page.waitForURL(/mien\/[0-9a-f]+$/);
  assert.equal(await heading(page), "Ce rendez-vous est annulé");
  await close("rendez-vous");
});

test("two people, one slot: the second is told, with the next ones", async () => {
  const first = await fresh();
  const second = await fresh(quiet, [200, 304, 409]);
  // A counter alone receives for this reason.
  const address = `${list}/choisir/urbanisme/architecte`;
  await first.page.goto(address);
  await second.page.goto(address);
  const wanted = await value(first.page);
  assert.equal(await value(second.page), wanted);
  await firstSlot(first.page).check();
  await first.page.getByRole("button", { name: "Garder cet horaire" }).click();
  await first.page.waitForURL("**/vous");
  await firstSlot(second.page).check();
  await second.page.getByRole("button", { name: "Garder cet horaire" }).click();
  const told = await second.page.getByRole("alert").textContent();
  assert.match(told, /Cet horaire vient d’être pris/);
  assert.match(told, /Les horaires libres les plus proches/);
  assert.notEqual(await value(second.page), wanted);
  await firstSlot(second.page).check();
  await second.page.getByRole("button", { name: "Garder cet horaire" }).click();
  await second.page.waitForURL("**/vous");
  await first.close("rendez-vous");
  await second.close("rendez-vous");
});

test("a double click, the back button and loading again give one appointment", async () => {
  const { page, close } = await fresh();
  await keep(page);
  await who(page);
  await page.getByRole("button", { name: "Confirmer le rendez-vous" }).dblclick();
  await page.waitForURL("**?pris");
  const words = await page.locator(".plaque--wide b").textContent();
  await page.reload();
  assert.equal(await page.locator(".plaque--wide b").textContent(), words);
  await page.goto(new URL(page.url()).pathname + "/vous");
  assert.equal(await page.locator(".plaque--wide b").textContent(), words);
  await close("rendez-vous");
});

test("the page of slots, sent again with another choice, gives the first back", async () => {
  const { page, close } = await fresh(quiet);
  const address = `${list}/choisir/urbanisme/conseil-telephone`;
  await page.goto(address);
  const [first, second] = await page.locator("input[name=debut]").evaluateAll((all) => all.slice(0, 2).map((one) => one.value));
  await page.locator(`input[value="${first}"]`).check();
  await page.getByRole("button", { name: "Garder cet horaire" }).click();
  await page.waitForURL("**/vous");
  await page.waitForLoadState();
  await page.goBack({ waitUntil: "commit" });  // a page kept in memory is not loaded again
  await page.locator(`input[value="${second}"]`).check();
  await page.getByRole("button", { name: "Garder cet horaire" }).click();
  await page.waitForURL("**/vous");
  await page.goto(address);
  const shown = await page.locator("input[name=debut]").evaluateAll((all) => all.map((one) => one.value));
  assert.ok(shown.includes(first));
  assert.ok(!shown.includes(second));
  await close("rendez-vous");
});

test("a personal link opens the appointment in another browser; a wrong one tells nothing", async () => {
  const mine = await fresh();
  await book(mine.page);
  await mine.page.getByText("Revenir plus tard à ce rendez-vous").click();
  const link = await mine.page.locator(".secret a:not([href$='.ics'])").getAttribute("href");
  const other = await fresh(quiet, [200, 304, 404]);
  await other.page.goto(new URL(link).pathname);
  await other.page.getByRole("button", { name: "Ouvrir mon rendez-vous" }).click();
  await other.page.waitForURL(/mien\/[0-9a-f]+$/);
  assert.equal(await other.page.locator(".plaque--wide b").textContent(), await mine.page.locator(".plaque--wide b").textContent());
  await other.page.context().clearCookies();
  await other.page.goto(new URL(link).pathname.slice(0, -64) + "0".repeat(64));
  await other.page.getByRole("button", { name: "Ouvrir mon rendez-vous" }).click();
  assert.equal(await heading(other.page), "Ce rendez-vous n’est pas ouvert ici");
  await mine.close("rendez-vous");
  await other.close();
});

test("needs are told afterwards by the link, changed, and kept by a move, by keyboard, without JavaScript", async () => {
  const mine = await fresh();
  await book(mine.page);
  await mine.page.getByText("Revenir plus tard à ce rendez-vous").click();
  const link = await mine.page.locator(".secret a:not([href$='.ics'])").getAttribute("href");
  await mine.close("rendez-vous");
  const { page, close } = await fresh(quiet);
  const enter = async (arrives) => {
    await page.keyboard.press("Enter");
    await page.waitForURL(arrives);
  };
  const practical = () => page.locator("main").textContent();
  await page.goto(new URL(link).pathname);
  await tabTo(page, "main .btn--big");
  await enter(/mien\/[0-9a-f]+$/);
  await tabTo(page, "main a[href$='/aide']");
  await enter("**/aide");
  await tabTo(page, "#step_free");
  await page.keyboard.press("Space");
  await tabTo(page, "#interpreter");
  await page.keyboard.type("arabe");
  await tabTo(page, "#besoin");
  await page.keyboard.type("je vois mal");
  await tabTo(page, "main .btn--big");
  await enter("**?note");
  assert.match(await page.getByRole("status").textContent(), /C’est noté/);
  assert.match(await practical(), /accès sans marche, interprète\s*: arabe, je vois mal/);
  await tabTo(page, "main a[href$='/aide']");
  await enter("**/aide");
  assert.equal(await page.locator("#interpreter").inputValue(), "arabe");
  await tabTo(page, "#step_free");
  await page.keyboard.press("Space");
  await tabTo(page, "main .btn--big");
  await enter("**?note");
  await tabTo(page, "main a[href$='/deplacer']");
  await enter("**/deplacer");
  await tabTo(page, "input[name=debut]");
  await page.keyboard.press("ArrowDown");
  await tabTo(page, "main .btn--big");
  await enter(/mien\/[0-9a-f]+$/);
  assert.match(await practical(), /Aide prévueinterprète\s*: arabe, je vois mal/);
  await close("rendez-vous");
});

test("a freed slot is offered to who waits, and taken", async () => {
  const waits = await fresh(quiet);
  await enter(waits.page);
  assert.equal(await heading(waits.page), "Vous êtes sur la liste d’attente");
  const leaves = await fresh(quiet);
  await book(leaves.page);
  const words = await leaves.page.locator(".plaque--wide b").textContent();
  await leaves.page.goto(new URL(leaves.page.url()).pathname + "/annuler");
  await leaves.page.getByRole("button", { name: "Annuler le rendez-vous" }).click();
  await leaves.page.waitForURL(/mien\/[0-9a-f]+$/);
  await waits.page.reload();
  assert.equal(await heading(waits.page), "Une place s’est libérée");
  assert.ok((await waits.page.locator("main").textContent()).includes(words));
  await waits.page.getByRole("button", { name: "Prendre cette place" }).click();
  await waits.page.waitForURL("**?pris");
  assert.equal(await waits.page.locator(".plaque--wide b").textContent(), words);
  await waits.close("attente", "rendez-vous");
  await leaves.close("rendez-vous");
});

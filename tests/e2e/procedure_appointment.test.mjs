// A démarche with an appointment in a real browser: from its reason to the case that tells it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { firstSlot } from "./appointments.mjs";
import { commune } from "./pages.mjs";
import { begin, next, shown } from "./procedures.mjs";
import { startBrowser, startServer } from "./support.mjs";
import { judge, tabTo, visit } from "./visit.mjs";

const procedure = `${commune}demarches/rendez-vous-autorisation`;

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
const send = (page) => page.getByRole("button", { name: "Envoyer ma demande" }).click();

const answers = {
  projet: (page) => page.getByLabel("Des travaux").check(),
  lieu: (page) => page.getByRole("textbox").fill("3 rue du Gué"),
  precisions: () => {},
  vous: async (page) => {
    await page.getByLabel("Nom de famille").fill("Lambert");
    await page.getByLabel("Prénoms").fill("Zoé");
    await page.getByLabel("Adresse e-mail").fill("zoe.lambert@example.org");
  },
  plans: () => {},
  rendez_vous: (page) => firstSlot(page).check(),
};
async function walk(page, until = "verifier") {
  await begin(page, procedure);
  while (shown(page) !== until) {
    const here = shown(page);
    await answers[here](page);
    await next(page);
    await page.waitForURL((url) => !url.pathname.endsWith(`/${here}`));
  }
}

describe("every page and state", () => {
  const states = [
    { name: "proc-rdv-start", cookies: [], open: async (page) => {
      await page.context().clearCookies();
      await page.goto(procedure);
    } },
    { name: "proc-rdv-slots", cookies: ["demarche"], open: (page) => walk(page, "rendez_vous") },
    { name: "proc-rdv-none-chosen", cookies: ["demarche"], open: async (page) => {
      await walk(page, "rendez_vous");
      await next(page);
      await page.waitForURL("**corriger=1**");
    } },
    { name: "proc-rdv-held", cookies: ["demarche"], open: async (page) => {
      await walk(page);
      await page.goto(`${procedure}/question/rendez_vous?retour=verifier`);
    } },
    { name: "proc-rdv-check", cookies: ["demarche"], open: (page) => walk(page) },
    { name: "proc-rdv-case", cookies: ["demarche", "dossier"], open: async (page) => {
      await walk(page);
      await send(page);
      await page.waitForURL("**/dossiers/**");
    } },
    { name: "proc-rdv-paper", cookies: [], open: async (page) => {
      await page.context().clearCookies();
      await page.goto(`${procedure}/papier`);
    } },
  ];
  for (const state of states)
    test(state.name, async () => {
      const { page, close } = await fresh({ reducedMotion: "reduce" });
      await state.open(page);
      await judge(page, state.name);
      await close(...state.cookies);
    });
});

test("from the list to the case, then moved and cancelled, by keyboard alone, without JavaScript", async () => {
  const { page, close } = await fresh(quiet);
  const press = async (selector, url) => {
    await tabTo(page, selector);
    await page.keyboard.press("Enter");
    await page.waitForURL(url);
  };
  await page.goto(`${commune}demarches`);
  await press("a[href$='/rendez-vous-autorisation']", "**/rendez-vous-autorisation");
  await press("form button", "**/question/projet");
  const typed = {
    lieu: { "#q-lieu": "3 rue du Gué" },
    vous: { "#q-demandeur-last_name": "Lambert", "#q-demandeur-first_names": "Zoé", "#q-email": "zoe@example.org" },
  };
  const chosen = { projet: "projet", rendez_vous: "debut" };
  let start;
  while (shown(page) !== "verifier") {
    const question = shown(page);
    if (question in chosen) {
      await tabTo(page, `input[name=${chosen[question]}]`);
      await page.keyboard.press("Space");
      assert.ok(await page.evaluate(() => document.activeElement.checked));
      if (question === "rendez_vous") {
        const text = await page.locator("main").textContent();
        for (const words of ["Ce que vous apporterez", "Un plan du terrain", "30 minutes", "Voir plus tard"])
          assert.ok(text.includes(words), words);
        start = await page.evaluate(() => document.activeElement.value);
      }
    }
    for (const [field, words] of Object.entries(typed[question] ?? {})) {
      await tabTo(page, field);
      await page.keyboard.type(words);
    }
    await press(".questions .row:last-child .btn--big", (url) => !url.pathname.endsWith(question));
  }
  assert.match(await page.locator("main").textContent(), /Nous gardons votre horaire jusqu’à/);
  await press(".send button", "**/dossiers/**");
  assert.equal(await heading(page), "Votre demande est déposée");
  const own = new URL(page.url()).pathname;
  const plaque = () => page.locator("section[aria-labelledby=rendez-vous] .plaque--wide b").textContent();
  const before = await plaque();
  const told = await page.locator("section[aria-labelledby=rendez-vous]").textContent();
  for (const words of ["Un plan du terrain", "Où"]) assert.ok(told.includes(words), words);
  // The slot is nobody else's.
  await page.goto(`${commune}rendez-vous/choisir/urbanisme/autorisation-locale`);
  assert.equal(await page.locator(`input[value='${start}']`).count(), 0);
  await page.goto(own);
  await press("a[href$='vers=deplacer']", "**/deplacer");
  await tabTo(page, "input[name=debut]");
  await page.keyboard.press("Space");
  await press("main .btn--big", /mien\/[0-9a-f]+$/);
  await page.goto(own);
  assert.notEqual(await plaque(), before);
  await press("a[href$='vers=annuler']", "**/annuler");
  await press("main .btn--big", /mien\/[0-9a-f]+$/);
  assert.equal(await heading(page), "Ce rendez-vous est annulé");
  // What became of it is told in the case; a job writes it.
  await page.goto(own);
  const story = page.locator(".story");
  for (let tries = 0; tries < 100 && !/rendez-vous est annulé/.test(await story.textContent()); ++tries)
    await page.reload();
  assert.match(await story.textContent(), /Votre rendez-vous est déplacé.*Votre rendez-vous est annulé/s);
  await close("demarche", "dossier", "rendez-vous");
});

test("two people, one slot: the second is told, and chooses another", async () => {
  const first = await fresh(quiet);
  const second = await fresh({}, [200, 304, 409]);
  await walk(first.page, "rendez_vous");
  await walk(second.page, "rendez_vous");
  const wanted = await firstSlot(first.page).getAttribute("value");
  assert.equal(await firstSlot(second.page).getAttribute("value"), wanted);
  await firstSlot(first.page).check();
  await next(first.page);
  await first.page.waitForURL("**/verifier");
  await firstSlot(second.page).check();
  await next(second.page);
  assert.match(await second.page.getByRole("alert").textContent(), /Cet horaire vient d’être pris/);
  assert.equal(await second.page.locator(`input[value='${wanted}']`).count(), 0);
  await firstSlot(second.page).check();
  await next(second.page);
  await second.page.waitForURL("**/verifier");
  for (const { page } of [first, second]) {
    await send(page);
    await page.waitForURL("**/dossiers/**");
  }
  await first.close("demarche", "dossier");
  await second.close("demarche", "dossier");
});

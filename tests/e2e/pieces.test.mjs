// Documents of a démarche in a real browser: as a form alone, and sent by the script over a line that is cut.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { letter, pdf, photo } from "./files.mjs";
import { commune } from "./pages.mjs";
import { begin, next, shown } from "./procedures.mjs";
import { startBrowser, startServer } from "./support.mjs";
import { judge, tabTo, visit } from "./visit.mjs";

const parking = `${commune}demarches/stationnement-resident`;
let server, chrome;
before(async () => {
  server = await startServer();
  chrome = await startBrowser();
});
after(async () => {
  await chrome?.stop();
  await server?.stop();
});

const answers = {
  zone: (page) => page.getByLabel("Zone Halle").check(),
  logement: async (page) => {
    await page.getByLabel("Numéro et rue").fill("8 rue de la Halle");
    await page.getByLabel("Code postal").fill("00100");
    await page.getByLabel("Ville").fill("Saint-Aubin-sur-Orle");
  },
  plaque: (page) => page.getByRole("textbox").fill("AB-123-CD"),
  vehicule: (page) => page.getByLabel("À mon nom").check(),
  rang: (page) => page.getByLabel("La première").check(),
  inclusion: (page) => page.getByLabel("Non", { exact: true }).check(),
  cout: () => {},
  vous: async (page) => {
    await page.getByLabel("Nom de famille").fill("Lambert");
    await page.getByLabel("Prénoms").fill("Zoé");
    await page.getByLabel("Adresse e-mail").fill("zoe.lambert@example.org");
  },
};
async function walk(page) {
  await begin(page, parking);
  while (shown(page) !== "carte_grise") {
    await answers[shown(page)](page);
    await next(page);
  }
}
// The date of a document: today, or years ago.
async function date(page, year = String(new Date().getFullYear())) {
  const now = new Date();
  await page.getByLabel("Jour").fill(String(now.getDate()));
  await page.getByLabel("Mois").fill(String(now.getMonth() + 1));
  await page.getByLabel("Année").fill(year);
}
const files = (page) => page.locator(".files > li");

test("a démarche with documents is deposited without JavaScript", async () => {
  const { page, close } = await visit(chrome, server, { javaScriptEnabled: false }, [200, 304, 400]);
  await walk(page);
  await next(page);
  assert.match(await page.locator(".summary").textContent(), /Joignez le document/);
  await page.locator("#q-carte_grise").setInputFiles(photo());
  await page.getByRole("button", { name: "Joindre ce fichier" }).click();
  assert.match(await files(page).textContent(), /carte grise\.png.*Reçu/s);
  assert.equal(await page.locator("input[type=file]").count(), 0, "one is wanted, and one is there");
  // Taken back, then given again with "Continuer" alone.
  await page.getByRole("button", { name: "Retirer carte grise.png" }).click();
  assert.equal(await files(page).count(), 0);
  await page.locator("#q-carte_grise").setInputFiles(photo(300, 200));
  await next(page);
  assert.equal(shown(page), "justificatif_domicile");
  await page.locator("#q-justificatif_domicile").setInputFiles(pdf());
  await date(page, "2020");
  await next(page);
  assert.match(await page.locator(".summary").textContent(), /il a plus de 3 mois/);
  await page.locator("#q-justificatif_domicile").setInputFiles(letter);
  await date(page);
  await next(page);
  assert.equal(shown(page), "justificatif_domicile");
  assert.match(await page.title(), /^Erreur/);
  assert.match(await page.locator(".summary").textContent(), /facture\.pdf/);
  await page.locator("#q-justificatif_domicile").setInputFiles(pdf());
  await date(page);
  await next(page);
  assert.equal(shown(page), "verifier");
  assert.match(await page.locator("main").textContent(), /carte grise\.png.*facture\.pdf/s);
  await page.getByRole("button", { name: "Envoyer ma demande" }).click();
  assert.equal(await page.locator("h1").textContent(), "Votre demande est déposée");
  await close("demarche", "dossier");
});

test("the script goes on where the line was cut, says how far it is, and the page stays accessible", async () => {
  const { page, close } = await visit(chrome, server, { reducedMotion: "reduce" }, [200, 201, 204, 304, 400], /status of 4\d\d|ERR_FAILED/);
  let patches = 0;
  const offsets = [];
  await page.route("**/fichiers/*", async (route) => {
    if (route.request().method() !== "PATCH") return route.continue();
    if (++patches === 2) return route.abort();  // in the middle of the second one
    offsets.push(Number(route.request().headers()["upload-offset"]));
    return route.continue();
  });
  await walk(page);  // a page that is open before requests are caught may send some past them
  await page.locator("[role=status]").waitFor({ state: "attached" });  // the script has begun
  await page.evaluate(() => {
    window.told = [];
    const status = document.querySelector("[role=status]");
    new MutationObserver(() => window.told.push(status.textContent)).observe(status, { childList: true });
  });
  await tabTo(page, "#q-carte_grise");  // by keyboard, as the button of the picker wants
  await page.locator("#q-carte_grise").setInputFiles(photo());
  await page.locator(".files").getByText("Reçu").waitFor();
  assert.equal(await files(page).count(), 1);
  assert.ok(patches >= 3, `${patches}`);
  assert.deepEqual(offsets, [0, 1 << 20, 2 << 20], "nothing was sent twice");
  const told = await page.evaluate(() => window.told);
  assert.ok(told.some((words) => /la connexion est coupée, l’envoi reprendra/.test(words)), told.join("|"));
  assert.match(told.at(-1), /carte grise\.png\u00a0: Reçu/);
  await judge(page, "piece-given");
  await tabTo(page, ".files button");
  await next(page);
  assert.equal(shown(page), "justificatif_domicile");
  await page.locator("#q-justificatif_domicile").setInputFiles(pdf());
  await page.getByText("Écrivez la date qui figure").first().waitFor();
  await date(page);
  await page.locator("#q-justificatif_domicile").setInputFiles(letter);
  await page.getByText("Refusé").first().waitFor();
  assert.match(await page.locator("[role=status]").textContent(), /Refusé/);
  await judge(page, "piece-refused");
  await date(page);
  await page.locator("#q-justificatif_domicile").setInputFiles(pdf());
  await page.locator(".files").getByText("Reçu").waitFor();
  assert.equal(await files(page).count(), 1, "the one that was refused went");
  await next(page);
  assert.equal(shown(page), "verifier");
  await close("demarche");
});

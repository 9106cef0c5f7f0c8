// Documents of each item of a repeated block in a real browser: as a form alone, and sent by the script.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { letter, pdf } from "./files.mjs";
import { commune } from "./pages.mjs";
import { begin, next, shown } from "./procedures.mjs";
import { startBrowser, startServer } from "./support.mjs";
import { judge, tabTo, visit } from "./visit.mjs";

const canteen = `${commune}demarches/cantine`;
let server, chrome;
before(async () => {
  server = await startServer({ procedures: ["cantine.yaml"] });
  chrome = await startBrowser();
});
after(async () => {
  await chrome?.stop();
  await server?.stop();
});

const child = (page, number) => page.locator("fieldset.item").nth(number - 1);
const book = (page, number) => child(page, number).locator(`#q-enfants-${number - 1}-carnet`);
const files = (page) => page.locator(".files > li strong").allTextContents();
const add = (page) => page.getByRole("button", { name: /^Ajouter une ligne/ }).click();
async function who(page) {
  await page.getByLabel("Nom de famille").fill("Lambert");
  await page.getByLabel("Prénoms").fill("Zoé");
  await page.getByLabel("Adresse e-mail").fill("zoe.lambert@example.org");
  await next(page);
}

test("each child has a document of its own without JavaScript", async () => {
  const { page, close } = await visit(chrome, server, { javaScriptEnabled: false }, [200, 304, 400]);
  await begin(page, canteen);
  await child(page, 1).getByLabel("Prénom").fill("Léa");
  await book(page, 1).setInputFiles(pdf("lea.pdf"));
  await add(page);  // the document goes with the answers
  assert.deepEqual(await files(page), ["lea.pdf"]);
  await child(page, 2).getByLabel("Prénom").fill("Tom");
  await next(page);
  assert.equal(shown(page), "enfants");
  assert.match(await page.locator(".summary").textContent(), /Joignez le document\u00a0: Carnet de vaccination \(Enfant, n°\u00a02\)/);
  await book(page, 2).setInputFiles(letter);
  await next(page);
  assert.match(await page.locator(".summary").textContent(), /\(Enfant, n°\u00a02\)/);
  await book(page, 2).setInputFiles(pdf("tom.pdf"));
  await child(page, 2).getByRole("button", { name: /^Joindre ce fichier/ }).first().click();
  assert.match(page.url(), /#q-enfants-1-carnet$/);
  assert.deepEqual(await files(page), ["lea.pdf", "tom.pdf"]);
  // The first goes, and the second keeps what is theirs.
  await child(page, 1).getByRole("button", { name: "Retirer\u00a0: Enfant, n°\u00a01" }).click();
  assert.deepEqual(await files(page), ["tom.pdf"]);
  assert.equal(await child(page, 1).getByLabel("Prénom").inputValue(), "Tom");
  await next(page);
  await who(page);
  assert.match(await page.locator("main").textContent(), /Tom.*tom\.pdf/s);
  assert.doesNotMatch(await page.locator("main").textContent(), /lea\.pdf/);
  await page.getByRole("button", { name: "Envoyer ma demande" }).click();
  assert.equal(await page.locator("h1").textContent(), "Votre demande est déposée");
  await close("demarche", "dossier");
});

test("the script sends each document to its child, and every state stays accessible", async () => {
  const { page, close } = await visit(chrome, server, { reducedMotion: "reduce" }, [200, 201, 204, 304, 400]);
  await begin(page, canteen);
  await page.locator("[role=status]").waitFor({ state: "attached" });  // the script has begun
  await judge(page, "item-empty");
  await child(page, 1).getByLabel("Prénom").fill("Léa");
  await tabTo(page, "#q-enfants-0-carnet");
  await book(page, 1).setInputFiles(pdf("lea.pdf"));
  await child(page, 1).locator(".files").first().getByText("Reçu").waitFor();
  assert.equal(await child(page, 1).getByLabel("Prénom").inputValue(), "Léa", "what is typed stays");
  await add(page);
  await page.locator("[role=status]").waitFor({ state: "attached" });
  // A document before any word of the child.
  await book(page, 2).setInputFiles(pdf("tom.pdf"));
  await child(page, 2).locator(".files").first().getByText("Reçu").waitFor();
  await child(page, 2).getByLabel("Prénom").fill("Tom");
  await judge(page, "item-two");
  await next(page);
  assert.equal(shown(page), "vous");
  await page.goto(`${canteen}/question/enfants`);
  assert.deepEqual(await files(page), ["lea.pdf", "tom.pdf"]);
  await next(page);
  await who(page);
  await judge(page, "item-check");
  await page.getByRole("button", { name: "Envoyer ma demande" }).click();
  await page.waitForURL("**/dossiers/**");
  await judge(page, "item-receipt");
  await close("demarche", "dossier");
});

test("two windows keep the children of both", async () => {
  const { page, close } = await visit(chrome, server, { javaScriptEnabled: false }, [200, 304, 400]);
  await begin(page, canteen);
  await child(page, 1).getByLabel("Prénom").fill("Léa");
  await book(page, 1).setInputFiles(pdf("lea.pdf"));
  await next(page);
  const there = `${canteen}/question/enfants`;
  await page.goto(there);
  const other = await page.context().newPage();
  await other.goto(there);
  await add(other);
  await child(other, 2).getByLabel("Prénom").fill("Tom");
  await book(other, 2).setInputFiles(pdf("tom.pdf"));
  await next(other);
  await other.close();
  await child(page, 1).getByLabel("Prénom").fill("Léa Marie");
  await next(page);
  await page.goto(there);
  assert.deepEqual(await files(page), ["lea.pdf", "tom.pdf"]);
  assert.equal(await child(page, 1).getByLabel("Prénom").inputValue(), "Léa Marie");
  await close("demarche");
});

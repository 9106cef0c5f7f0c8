// Démarches by chat only, in the real widget: from the first word to the receipt in the mailbox and the
// line in the timeline, documents and slot included, by keyboard, on no other page; and without
// JavaScript, where documents go with a form of the conversation.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { letter, pdf, photo } from "./files.mjs";
import { commune } from "./pages.mjs";
import { lately } from "./procedures.mjs";
import { decide } from "./desk.mjs";
import { startBrowser, startMailbox, startServer } from "./support.mjs";
import { judge, tabTo, visit } from "./visit.mjs";

let mailbox, server, chrome;
before(async () => {
  mailbox = await startMailbox();
  server = await startServer({ mailbox });
  chrome = await startBrowser();
});
after(async () => {
  await chrome?.stop();
  await server?.stop();
  await mailbox?.stop();
});
const statuses = [200, 201, 204, 304];
const day = (date) => date.toLocaleDateString("fr-FR");
const lost = lately().join("/");
const soon = day(new Date(Date.now() + 40 * 86_400_000));

const last = (page) => page.locator("[data-seq]").last();
const text = (page) => last(page).textContent();

async function open(expected = statuses) {
  const own = await visit(chrome, server, { reducedMotion: "reduce" }, expected);
  await own.page.goto("/widget/?commune=99001");
  await own.page.locator(".log[aria-busy=false]").waitFor();
  return own;
}
// Does something, and waits for the answer to it.
async function answered(page, act) {
  const before = await page.locator("[data-seq]").count();
  await act();
  await page.locator("[data-seq]").nth(before).waitFor();
}
const say = (page, words) => answered(page, async () => {
  await page.locator("#words").focus();
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
});
const press = (page, name) => answered(page, async () => {
  await last(page).getByRole("button", { name, exact: true }).focus();
  await page.keyboard.press("Enter");
});
async function give(page, ...files) {
  const input = page.getByLabel("Joindre");
  await input.focus();
  await input.setInputFiles(files);
  for (const { name } of files) await page.locator(".files li", { hasText: name.replace(/\.png$/, "") }).filter({ hasText: "Reçu" }).waitFor();
  await press(page, "C’est fait");
}
// Each is words, or something that is done.
async function through(page, answers) {
  for (const answer of answers) await (typeof answer === "string" ? say(page, answer) : answer(page));
}
async function deposited(page) {
  assert.match(await text(page), /Vérifiez vos réponses/);
  await press(page, "Déposer ma demande");
  const told = await text(page);
  assert.match(told, /C’est déposé\. Votre référence/);
  const [reference] = told.match(/[A-Z]{4}-[A-Z]{4}-[A-Z2-6]/);
  await say(page, "où en est mon dossier ?");
  assert.match(await text(page), new RegExp(reference));
  return reference;
}
const received = (reference) => mailbox.letter(({ headers, rcpt_tos }) =>
  headers.Subject.includes(reference) && rcpt_tos.includes("zoe@example.org"));

const me = ["Lambert", "Zoé", "passer", "3 mai 1985", "Montargis"];
const demarches = {
  "a lost identity card, with a copy of it": ["je veux déclarer la perte de ma carte d’identité",
    ["je l’ai perdue", "passer", lost, "au marché", "passer", "à moi", ...me, "zoe@example.org", "passer",
      "8 rue de la Halle", "passer", "45200", "Montargis", "je certifie", (page) => give(page, photo(300, 200))]],
  "a birth certificate with its filiation, with an identity card": ["je voudrais un acte de naissance",
    ["dans cette commune", "3 mai 1985", "copie intégrale", "C’est mon acte", "Lambert", "Zoé", "non", "Lambert", "Zoé",
      "zoe@example.org", "passer", "au guichet", (page) => give(page, pdf("recto.pdf"), pdf("verso.pdf"))]],
  "a new address, with a recent bill": ["je viens signaler un changement d’adresse",
    ["j’arrive dans le Val d’Orle", lost, "2 place du Marché", "passer", "45000", "Orléans", "8 rue de la Halle", "passer", "99001",
      "Saint-Aubin-sur-Orle", "non", "la médiathèque", "Lambert", "Zoé", "passer", "zoe@example.org", "passer", "non", "je certifie",
      async (page) => {
        await page.getByLabel("Joindre").setInputFiles(pdf("sans date.pdf"));
        await page.locator("#files-error", { hasText: "date du document" }).waitFor();
        const [d, m, y] = lately();
        for (const [label, typed] of [["Jour", d], ["Mois", m], ["Année", y]]) await page.getByLabel(label, { exact: true }).fill(typed);
        await give(page, pdf());
      }]],
  "the street, with its plan": ["je veux réserver des places pour un déménagement",
    ["un camion de déménagement", "12 rue des Tanneurs", "non", soon, soon, "passer", "passer", "10 mètres", "non", "Lambert",
      "Zoé", "8 rue de la Halle", "passer", "45200", "Montargis", "zoe@example.org", "06 12 34 56 78", "oui",
      async (page) => {
        assert.match(await text(page), /plan ou une photo.*Joignez-le ici/s);
        await say(page, "combien ça coûte ?");
        await page.getByLabel("Joindre").setInputFiles({ ...letter, name: "lettre.txt", mimeType: "" });
        await page.locator(".files .error", { hasText: "lettre.txt" }).waitFor();
        await page.getByRole("button", { name: "Retirer lettre.txt" }).click();
        await give(page, photo());
      }]],
};

describe("by chat only, from the first word to the receipt", () => {
  for (const [name, [first, answers]] of Object.entries(demarches))
    test(name, async () => {
      const { page, close } = await open();
      await say(page, first);
      await through(page, answers);
      const reference = await deposited(page);
      await received(reference);
      assert.match(page.url(), /\/widget\//);
      await close();
      await decide(await visit(chrome, server, { javaScriptEnabled: false }), mailbox, reference, "zoe@example.org");
    });

  test("an authorisation, with its appointment", async () => {
    const { page, close } = await open();
    await say(page, "je voudrais un rendez-vous pour une autorisation locale");
    await through(page, ["des travaux", "3 rue du Gué", "passer", "Lambert", "Zoé", "zoe@example.org", "passer"]);
    await give(page, pdf("plan.pdf"), photo(200, 200));
    assert.match(await text(page), /Quand voulez-vous venir.*30 minutes.*À apporter.*premiers horaires libres/s);
    await say(page, "mardi matin plutôt");
    assert.match(await text(page), /mardi/);
    await say(page, "plus tard");
    await say(page, "je suis en fauteuil roulant");
    assert.match(await text(page), /accès sans marche/);
    await answered(page, () => last(page).locator(".choice").first().press("Enter"));
    assert.match(await text(page), /Je vous garde .* pendant 10 minutes.*Vérifiez vos réponses/s);
    await press(page, "Corriger une réponse");
    await press(page, "Rendez-vous");
    await answered(page, () => last(page).locator(".choice").nth(1).press("Enter"));
    assert.match(await text(page), /Je vous garde/);
    await press(page, "Déposer ma demande");
    assert.match(await text(page), /C’est déposé.*Rendez-vous.*À apporter/s);
    const [reference] = (await text(page)).match(/[A-Z]{4}-[A-Z]{4}-[A-Z2-6]/);
    await received(reference);
    await close();
  });
});

test("a document that is not at hand: the draft waits, here and by the form's link", async () => {
  const { page, close } = await open();
  await say(page, "je veux réserver des places pour un déménagement");
  await through(page, demarches["the street, with its plan"][1].slice(0, -1));
  await press(page, "Je ne l’ai pas sous la main");
  assert.match(await text(page), /votre brouillon est gardé.*reprendre la démarche.*lien personnel/s);
  assert.equal(await page.getByLabel("Joindre").count(), 0);
  await page.getByRole("button", { name: /Continuer dans le formulaire/ }).waitFor();
  await page.reload();
  await page.locator(".log[aria-busy=false]").waitFor();
  await press(page, "Reprendre la démarche");
  await give(page, photo(300, 200));
  assert.match(await text(page), /Vérifiez vos réponses/);
  await close();
});

// Without JavaScript, or by a browser of its own.
async function write(page, words) {
  await tabTo(page, "#message");
  await page.keyboard.type(words);
  await page.keyboard.press("Tab");
  const before = page.url();
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.href !== before);
}

test("without JavaScript a document goes with a form of the conversation, and is taken back", async () => {
  const { page, close } = await visit(chrome, server, { javaScriptEnabled: false }, [200, 304, 400]);
  await page.goto(`${commune}conversation`);
  await write(page, "je veux réserver des places pour un déménagement");
  for (const answer of demarches["the street, with its plan"][1].slice(0, -1)) await write(page, answer);
  await page.getByLabel("Joindre").setInputFiles([letter, pdf("plan.pdf")]);
  const join = () => page.getByRole("button", { name: "Joindre ces fichiers" });
  await join().focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**#document");
  const files = page.locator("#document .files");
  assert.match(await files.textContent(), /plan\.pdf.*Reçu/s);
  assert.match(await page.locator("#document-erreur").textContent(), /facture\.pdf.*n’est pas gardé/s);
  await page.getByRole("button", { name: "Retirer facture.pdf" }).click();
  await page.waitForURL("**#document");
  assert.equal(await page.locator("#document-erreur").count(), 0);
  await page.getByLabel("Joindre").setInputFiles({ ...pdf("gros.pdf"), buffer: Buffer.alloc(11 << 20, "a") });
  await join().click();
  assert.match(await page.title(), /^Erreur/);
  assert.match(await page.locator("#document-erreur").textContent(), /gros\.pdf/);
  await page.locator(".turn--bot").last().getByRole("button", { name: "C’est fait" }).click();
  assert.match(await page.locator(".turn--bot").last().textContent(), /Vérifiez vos réponses/);
  await close("conversation");
});

test("its states are sound", async () => {
  const { page, close } = await visit(chrome, server, { reducedMotion: "reduce" });
  await page.goto(`${commune}conversation`);
  await write(page, "je veux réserver des places pour un déménagement");
  for (const answer of demarches["the street, with its plan"][1].slice(0, -1)) await write(page, answer);
  await judge(page, "chat-document");
  await page.getByLabel("Joindre").setInputFiles([letter, pdf("un plan dont le nom est très long, échelle 1-100.pdf")]);
  await page.getByRole("button", { name: "Joindre ces fichiers" }).click();
  await page.waitForURL("**#document");
  await judge(page, "chat-document-given");
  await write(page, "je ne l’ai pas sous la main");
  await judge(page, "chat-document-later");
  await close("conversation");
});

// Démarches by conversation alone, in a real browser: by keyboard, without JavaScript, from the home page
// to the decision in the mailbox; and the switch to the form at the same step, and back.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { photo } from "./files.mjs";
import { commune } from "./pages.mjs";
import { lately, shown } from "./procedures.mjs";
import { decide } from "./desk.mjs";
import { startBrowser, startMailbox, startServer } from "./support.mjs";
import { judge, press, tabTo, visit } from "./visit.mjs";

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
const quiet = { javaScriptEnabled: false };
const fresh = (options = quiet, expected) => visit(chrome, server, options, expected);

// Types the first words on the home page, and goes on in a conversation.
async function open(page, words) {
  await page.goto(commune);
  await tabTo(page, "#q");
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/question");
  await tabTo(page, "form[action$='/conversation'] button.btn--2");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/conversation?suite=1**");
}

async function say(page, words) {
  await tabTo(page, "#message");
  await page.keyboard.type(words);
  await page.keyboard.press("Tab");
  const before = page.url();
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.href !== before);  // each answer has an anchor of its own
}
const last = (page) => page.locator(".turn--bot").last();
const day = () => lately().join("/");

// What was said last has a reference.
async function decided(page) {
  const [reference] = (await last(page).textContent()).match(/[A-Z]{4}-[A-Z]{4}-[A-Z2-6]/);
  const read = await decide(await fresh(), mailbox, reference, "zoe@example.org");
  await say(page, "où en est mon dossier ?");
  assert.match(await last(page).textContent(), read);
}

// What a citizen types, question by question.
const demarches = {
  "a lost identity card": ["je veux déclarer la perte de ma carte d’identité",
    ["je l’ai perdue", "passer", day(), "au marché", "passer", "à moi", "Lambert", "Zoé", "passer", "3 mai 1985",
      "Montargis", "zoe@example.org", "passer", "8 rue de la Halle", "passer", "45200", "Montargis", "je certifie"]],
  "a birth certificate": ["je voudrais un acte de naissance",
    ["acte de naissance", "dans cette commune", "3 mai 1985", "extrait sans filiation", "Lambert", "Zoé", "Lambert",
      "Zoé", "zoe@example.org", "passer", "au guichet"]],
  "a new address": ["je viens signaler un changement d’adresse",
    ["je quitte le Val d’Orle", day(), "8 rue de la Halle", "passer", "45200", "Montargis", "2 place du Marché",
      "passer", "45000", "Orléans", "la médiathèque", "Lambert", "Zoé", "passer", "zoe@example.org", "passer", "oui",
      "Lambert", "Léo", "3 mai 2015", "non", "je certifie"]],
};

describe("by conversation and keyboard alone, from the home page to the decision in the mailbox", () => {
  for (const [name, [first, answers]] of Object.entries(demarches))
    test(name, async () => {
      const { page, close } = await fresh();
      await open(page, first);
      for (const answer of answers) await say(page, answer);
      assert.match(await last(page).textContent(), /Vérifiez vos réponses/);
      await say(page, "oui");
      assert.match(await last(page).textContent(), /C’est déposé. Votre référence.*[A-Z]{4}-[A-Z]{4}-[A-Z2-6]/s);
      await say(page, "où en est mon dossier ?");
      assert.match(await last(page).textContent(), /C’est au service d’agir/);
      await decided(page);
      await close("conversation");
    });

  test("the street, whose plan is given on the form's page, and back", async () => {
    const { page, close } = await fresh();
    await open(page, "je veux réserver des places pour un déménagement");
    const soon = new Date(Date.now() + 40 * 86_400_000).toLocaleDateString("fr-FR");
    for (const answer of ["un camion de déménagement", "12 rue des Tanneurs", "non", soon, soon, "passer", "passer",
      "10 mètres", "non", "Lambert", "Zoé", "8 rue de la Halle", "passer", "45200", "Montargis", "zoe@example.org",
      "06 12 34 56 78", "oui"]) await say(page, answer);
    assert.match(await last(page).textContent(), /plan ou une photo/);
    await say(page, "c’est fait");
    assert.match(await last(page).textContent(), /Je ne vois pas encore ce document/);
    await press(page, "form[action$='/formulaire'] button", "**/question/plan_lieu");
    await page.locator("#q-plan_lieu").setInputFiles(photo());
    await press(page, ".row > button.btn--big", "**/verifier");
    await press(page, "a[href$='#reprendre']", "**/conversation**");
    await press(page, "#reprendre button", (url) => !url.href.includes("reprendre"));
    assert.match(await last(page).textContent(), /Vérifiez vos réponses/);
    await say(page, "oui");
    assert.match(await last(page).textContent(), /C’est déposé. Votre référence/);
    await decided(page);
    await close("conversation", "demarche", "retour");
  });
});

test("the form goes on at the same step with what was said, and the conversation with what it fills in", async () => {
  const { page, close } = await fresh({ reducedMotion: "reduce" });
  await open(page, "je veux déclarer la perte de ma carte d’identité");
  await say(page, "je l’ai perdue");
  await judge(page, "chat-filling");
  await page.getByRole("button", { name: "Continuer dans le formulaire" }).click();
  assert.equal(shown(page), "numero");
  await page.getByRole("textbox").fill("12AB34567");
  await page.getByRole("button", { name: "Continuer", exact: true }).last().click();
  assert.equal(shown(page), "date_perte");
  await judge(page, "form-from-chat");
  await page.goto(`${commune}demarches/perte-identite/question/motif`);
  assert.ok(await page.getByLabel("J’ai perdu mon titre").isChecked());
  await page.getByRole("link", { name: "Revenir à la conversation" }).click();
  await judge(page, "chat-back-from-form");
  assert.equal(await page.evaluate(() => document.activeElement.id), "reprendre");
  await page.getByRole("button", { name: "Continuer dans la conversation" }).click();
  assert.match(await last(page).textContent(), /J’ai vos réponses du formulaire.*Quand l’avez-vous perdu/s);
  await close("conversation", "demarche", "retour");
});

test("two drafts of one démarche: neither is lost", async () => {
  const { page, close } = await fresh({ reducedMotion: "reduce" });
  await page.goto(`${commune}demarches/perte-identite`);
  await page.getByRole("button", { name: "Commencer" }).click();
  await page.getByLabel("J’ai perdu mon titre").check();
  await page.getByRole("button", { name: "Continuer", exact: true }).last().click();
  await open(page, "je veux déclarer la perte de mon passeport");
  await page.getByRole("button", { name: "Continuer dans le formulaire" }).click();
  assert.equal(await page.locator("h1").textContent(), "Vous avez deux brouillons");
  await judge(page, "two-drafts");
  await page.getByRole("button", { name: "Continuer celui de la conversation" }).click();
  assert.equal(shown(page), "motif");
  await close("conversation", "demarche", "retour");
});

test("a passage that was used or is too old says what to do", async () => {
  const { page, close } = await fresh({ reducedMotion: "reduce" }, [200, 304, 404]);
  await page.goto(`${commune}demarches/perte-identite/passage/${"0".repeat(48)}`);
  await judge(page, "passage-asked");
  await page.getByRole("button", { name: "Ouvrir le formulaire" }).click();
  assert.match(await page.locator("h1").textContent(), /ne marche plus/);
  await judge(page, "passage-used");
  await close();
});

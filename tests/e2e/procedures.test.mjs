// Démarches and cases in a real browser, with and without JavaScript.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { decide } from "./desk.mjs";
import { photo } from "./files.mjs";
import { commune } from "./pages.mjs";
import { answers, begin, depose, lately, next, procedure, shown, states, walk } from "./procedures.mjs";
import { linkInto, startBrowser, startMailbox, startServer } from "./support.mjs";
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
const fresh = (options, expected) => visit(chrome, server, options, expected);
const quiet = { javaScriptEnabled: false };

describe("every page and state", () => {
  for (const state of states)
    test(state.name, async () => {
      const { page, close } = await fresh({ reducedMotion: "reduce" }, [200, 304, ...(state.also ?? []), state.status ?? 200]);
      await state.open(page);
      await judge(page, state.name);
      await close(...[state.draft && "demarche", state.case && "dossier", state.asks && "suivi"].filter(Boolean));
    });
});

// The text that a control is described by.
const described = (field) => field.evaluate((f) => f.ariaDescribedByElements?.map((e) => e.textContent).join(" ") ?? "");
const focused = (page) => page.evaluate(() => document.activeElement.id);

// A date, an address and a person, by the id of their question.
const on = (id, [day, month, year]) => ({ [`#q-${id}`]: day, [`#q-${id}-mois`]: month, [`#q-${id}-annee`]: year });
const home = (id) => ({ [`#q-${id}-street`]: "8 rue de la Halle", [`#q-${id}-postcode`]: "45200", [`#q-${id}-city`]: "Montargis" });
const zoe = (id) => ({ [`#q-${id}-last_name`]: "Lambert", [`#q-${id}-first_names`]: "Zoé" });
const email = { "#q-email": "zoe@example.org" };
const soon = new Date(Date.now() + 40 * 86_400_000);
const then = [soon.getDate(), soon.getMonth() + 1, soon.getFullYear()].map(String);
// What is chosen and what is typed on the pages of the four démarches; the others are passed.
const demarches = {
  "perte-identite": [{ motif: "perte", titre: "carte", pour_qui: "moi", honneur: "oui" }, {
    lieu_perte: { "#q-lieu_perte": "Marché" }, circonstances: { "#q-circonstances": "Vol à la tire." },
    date_perte: on("date_perte", lately()),
    titulaire: { ...zoe("titulaire"), ...on("titulaire-birth_date", ["3", "5", "1985"]), "#q-titulaire-birth_place": "Montargis" },
    joindre: { ...email, ...home("adresse") } }],
  "acte-etat-civil": [{ type: "naissance", lieu: "ici", document: "extrait", remise: "guichet" }, {
    date_acte: on("date_acte", ["3", "5", "1985"]), personne: zoe("personne"), vous: { ...zoe("demandeur"), ...email } }],
  "changement-adresse": [{ sens: "depart", services: "mediatheque", honneur: "oui" }, {
    date_demenagement: on("date_demenagement", lately()), adresses: { ...home("ancienne"), ...home("nouvelle") },
    vous: { ...zoe("vous"), ...email } }],
  "occupation-domaine-public": [{ objet: "demenagement", rue_fermee: "non", par_entreprise: "non", engagement: "oui" }, {
    lieu: { "#q-lieu": "12 rue des Tanneurs" }, dates: { ...on("date_debut", then), ...on("date_fin", then) },
    longueur: { "#q-longueur": "10" }, vous: { ...zoe("vous"), ...home("adresse"), ...email, "#q-telephone": "06 12 34 56 78" } }],
};

describe("by keyboard alone, without JavaScript, from the home page to the decision in the mailbox", () => {
  for (const [id, [chosen, typed]] of Object.entries(demarches))
    test(id, async () => {
      const { page, close } = await fresh(quiet);
      await page.goto(commune);
      await press(page, "nav a[href$='/demarches']", "**/demarches");
      await press(page, `a[href$='/${id}']`, `**/${id}`);
      assert.deepEqual(await page.context().cookies(), []);
      await press(page, "form button", "**/question/**");
      while (true) {
        await page.waitForURL(/\/(question|verifier)/);
        const question = shown(page);
        if (question === "verifier") break;
        if (question in chosen) {
          const wanted = page.locator(`input[name=${question}][value=${chosen[question]}]`);
          const several = await wanted.getAttribute("type") === "checkbox";
          await tabTo(page, several ? `input[value=${chosen[question]}]` : `input[name=${question}]`);
          await page.keyboard.press("Space");
          for (let n = 0; n < 6 && !(await wanted.isChecked()); ++n) await page.keyboard.press("ArrowDown");
          assert.ok(await wanted.isChecked());
        }
        for (const [field, words] of Object.entries(typed[question] ?? {})) {
          await tabTo(page, field);
          await page.keyboard.type(words);
        }
        if (question.startsWith("plan_")) await page.locator(`#q-${question}`).setInputFiles(photo());
        await press(page, ".questions .btn--big", (url) => !url.pathname.endsWith(question));
      }
      await press(page, ".send button", "**/dossiers/**");
      assert.match(await page.title(), /^Votre demande est déposée/);
      assert.equal(await page.locator("h1").textContent(), "Votre demande est déposée");
      assert.match(await page.locator(".deed").textContent(), /Accusé de réception.*Référence du dossier/s);
      const read = await decide(await fresh(quiet), mailbox, shown(page), "zoe@example.org");
      await page.reload();
      const story = await page.locator(".story").textContent();
      assert.match(story, read);
      if (/acceptée/.test(read.source)) assert.match(story, /Décision de Awa Diop/);
      else assert.doesNotMatch(story, /[Cc]ontester|tribunal/);
      await close("demarche", "dossier");
    });
});

test("an error is announced, has the focus, leads to its field and is mended there", async () => {
  const { page, close } = await fresh(quiet);
  await begin(page);
  await page.goto(`${procedure}/question/date_perte`);
  await page.getByLabel("Jour", { exact: true }).fill("11");
  await page.getByLabel("Mois", { exact: true }).fill("21");
  await page.getByLabel("Année", { exact: true }).fill("2026");
  await next(page);
  assert.match(await page.title(), /^Erreur\u00a0: Quand l’avez-vous perdu/);
  assert.equal(await page.getByRole("alert").count(), 1);
  assert.equal(await focused(page), "erreurs");
  const said = await page.getByRole("alert").getByRole("link").textContent();
  await page.getByRole("alert").getByRole("link").click();
  assert.equal(await focused(page), "q-date_perte-mois");
  const month = page.getByLabel("Mois", { exact: true });
  assert.equal(await month.inputValue(), "21");
  assert.ok((await described(month)).includes(said));
  await answers.date_perte(page);
  await next(page);
  assert.equal(shown(page), "lieu_perte");
  await close("demarche");
});

test("going back and loading again send nothing, and lose nothing", async () => {
  const { page, close } = await fresh();
  await begin(page);
  await walk(page, "numero");
  await page.waitForLoadState();
  await page.goBack();
  assert.equal(shown(page), "titre");
  assert.ok(await page.getByLabel("Carte nationale d’identité").isChecked());
  await page.reload();
  await page.getByLabel("Passeport").check();
  await next(page);
  await walk(page);
  assert.match(await page.locator("dl").first().textContent(), /Passeport/);
  // A change from the check comes back to it.
  await page.getByRole("link", { name: "Modifier : Titre perdu" }).click();
  await page.getByLabel("Carte nationale d’identité").check();
  await next(page);
  assert.equal(shown(page), "verifier");
  await close("demarche");
});

test("pressed twice, gone back, sent from two tabs: one case", async () => {
  const { page, close } = await fresh({}, [200, 304, 409]);
  await begin(page);
  await walk(page);
  const check = page.url();
  const other = await page.context().newPage();
  await other.goto(check);
  await page.getByRole("button", { name: "Envoyer ma demande" }).dblclick();
  await page.waitForURL("**/dossiers/**");
  const reference = shown(page);
  await other.getByRole("button", { name: "Envoyer ma demande" }).click();
  await other.waitForURL("**/dossiers/**");
  assert.equal(shown(other), reference);
  // The browser may show the page before as it was; loaded again it tells the truth.
  await page.goBack({ waitUntil: "commit" });
  await page.waitForURL(check);
  await page.goto(check);
  assert.match(await page.title(), /déjà déposée/);
  await page.getByRole("link", { name: "Voir mon dossier" }).click();
  assert.equal(shown(page), reference);
  await close("demarche", "dossier");
});

test("a draft is resumed elsewhere by its link, which opens nothing before its button", async () => {
  const { page, close } = await fresh(quiet);
  await begin(page);
  await walk(page, "lieu_perte");
  await page.getByRole("link", { name: "Reprendre plus tard" }).click();
  const link = new URL(await page.locator(".secret a").getAttribute("href")).pathname;
  const elsewhere = await fresh(quiet);
  await elsewhere.page.goto(link);
  assert.deepEqual(await elsewhere.page.context().cookies(), []);
  await elsewhere.page.getByRole("button", { name: "Ouvrir ma demande" }).click();
  assert.equal(shown(elsewhere.page), "lieu_perte");
  await elsewhere.close("demarche");
  await close("demarche");
});

test("a case is left, then opened again by the link of a mail, once, by keyboard", async () => {
  const { page, close } = await fresh(quiet, [200, 304, 404]);
  await depose(page);
  const reference = shown(page);
  await press(page, "#vous-pouvez form[action$='/fermer'] button", "**/ferme");
  assert.deepEqual(await page.context().cookies(), []);
  // Where the letter of the receipt leads.
  await page.goto(`${commune}dossiers/${reference}`);
  assert.match(await page.locator("h1").textContent(), /^Ouvrir le dossier/);
  await press(page, "form[action$='/lien'] button", "**/envoye?**");
  const link = await linkInto(mailbox, reference);
  await page.goto(link);
  assert.equal(await page.getByLabel("Code à six chiffres").count(), 0);
  await press(page, "form[action*='/acces/'] button", `**/dossiers/${reference}`);
  assert.match(await page.locator(".story").textContent(), /C’est au service d’agir/);
  await page.goto(link);
  assert.equal(await page.locator("h1").textContent(), "Ce lien ne marche plus");
  await close("dossier", "suivi");
});

test("on another device the link asks for the code that the first one shows, and says what is wrong", async () => {
  const { page, close } = await fresh(quiet);
  await depose(page);
  const reference = shown(page);
  const desktop = await fresh(quiet), phone = await fresh({ reducedMotion: "reduce" }, [200, 304, 400]);
  await desktop.page.goto(`${commune}dossiers`);
  await desktop.page.getByLabel("Référence du dossier").first().fill(reference);
  await desktop.page.getByLabel("Adresse e-mail").fill("zoe.lambert@example.org");
  await desktop.page.getByRole("button", { name: "Recevoir mon lien" }).click();
  const code = await desktop.page.locator(".plaque--ref b").textContent();
  await phone.page.goto(await linkInto(mailbox, reference));
  await press(phone.page, "form[action*='/acces/'] button", "**/acces/**");
  await phone.page.locator("#erreurs:focus").waitFor();
  assert.match(await phone.page.title(), /^Erreur/);
  await judge(phone.page, "case-enter-wrong");
  await tabTo(phone.page, "#code");
  await phone.page.keyboard.type(code);
  await phone.page.keyboard.press("Enter");
  await phone.page.waitForURL(`**/dossiers/${reference}`);
  assert.match(await phone.page.locator("h1").textContent(), new RegExp(reference));
  await phone.close("dossier");
  await desktop.close("suivi");
  await close("demarche", "dossier");
});

test("without an e-mail address the code of the acknowledgement opens the case", async () => {
  const { page, close } = await fresh(quiet);
  await begin(page);
  await walk(page, "joindre");
  await answers.joindre(page);
  await page.getByLabel("Adresse e-mail").fill("");
  await next(page);
  await walk(page);
  await page.getByRole("button", { name: "Envoyer ma demande" }).click();
  const reference = shown(page), code = await page.locator(".deed .plaque b").last().textContent();
  const library = await fresh(quiet);
  await library.page.goto(`${commune}dossiers/${reference}`);
  await library.page.getByText("Vous avez un code sur papier").click();
  await library.page.getByLabel("Votre code").fill(code.toLowerCase());
  await library.page.getByRole("button", { name: "Ouvrir avec mon code" }).click();
  assert.equal(shown(library.page), reference);
  assert.match(await library.page.locator(".story").textContent(), /C’est au service d’agir/);
  await library.close("dossier");
  await close("demarche", "dossier");
});

test("lines are added and taken away without JavaScript, with the focus where they are", async () => {
  const { page, close } = await fresh(quiet);
  await states.find((state) => state.name === "proc-repeat").open(page);
  assert.equal(await focused(page), "q-parents-1");
  assert.equal(await page.getByLabel("Nom de naissance").first().inputValue(), "Lambert");
  await page.getByLabel("Prénoms").first().fill("Léa");
  await page.getByRole("button", { name: /^Retirer/ }).nth(1).click();
  assert.equal(await page.getByLabel("Nom de naissance").count(), 1);
  // Enter continues: it neither adds nor takes away.
  await page.getByLabel("Prénoms").press("Enter");
  assert.notEqual(shown(page), "parents");
  await close("demarche");
});

test("a message goes to the case, and is read where it stands", async () => {
  const { page, close } = await fresh(quiet);
  await depose(page);
  await page.getByLabel("Votre message").fill("J’ai retrouvé une photo.");
  await page.getByRole("button", { name: "Envoyer le message" }).click();
  await page.waitForURL(/#m\d+$/);
  assert.match(await page.locator(":target").textContent(), /J’ai retrouvé une photo/);
  await page.reload();
  assert.equal(await page.locator(".log > li").count(), 1);
  await close("demarche", "dossier");
});

test("on paper the receipt has its facts and nothing to press", async () => {
  const { page, close } = await fresh();
  await depose(page);
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator(".deed .plaque--ref").isVisible());
  assert.ok(await page.locator(".story").isVisible());
  for (const gone of ["nav[aria-label=Principale]", "#message", "#vous-pouvez"])
    assert.ok(!(await page.locator(gone).isVisible()), gone);
  await close("demarche", "dossier");
});

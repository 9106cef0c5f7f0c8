// The desk in a real browser, without JavaScript where a person works: citizen and agents at once.
import assert from "node:assert/strict";
import { inflateSync } from "node:zlib";
import { after, before, describe, test } from "node:test";
import { askPieces, awa, claire, ended, jean, opened, receiveOne, refuse, refusedByPost, signIn, states, takenBoth, takenOf, taken } from "./desk.mjs";
import { pdf, photo } from "./files.mjs";
import { demandOf, depose, lately, shown } from "./procedures.mjs";
import { password, startBrowser, startServer } from "./support.mjs";
import { judge, press, tabTo, visit } from "./visit.mjs";

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

describe("every page and state of the desk", () => {
  for (const state of states)
    test(state.name, async () => {
      const { page, close } = await fresh({ reducedMotion: "reduce" }, [200, 304, state.status ?? 200]);
      await state.open(page);
      await judge(page, state.name);
      await close(...[state.draft && "demarche", state.case && "dossier", state.agent && "bureau"].filter(Boolean));
    });
});

// What the compressed parts of a PDF say.
const inflated = (bytes) => [...bytes.toString("latin1").matchAll(/stream\n([^]*?)endstream/g)].map(([, part]) => {
  try { return inflateSync(Buffer.from(part, "latin1")).toString("latin1"); } catch { return ""; }
}).join("\n");
const focused = (page) => page.evaluate(() => document.activeElement.id);
const enter = (page) => page.keyboard.press("Enter");

test("from the sign-in to the signed letter by keyboard alone, with the citizen in another browser", async () => {
  const citizen = await fresh(quiet);
  await demandOf(citizen.page);
  const reference = shown(citizen.page);
  const { page, close } = await fresh(quiet);
  await page.goto("/bureau");
  await tabTo(page, "#login");
  await page.keyboard.type(claire.login);
  await tabTo(page, "#password");
  await page.keyboard.type(password);
  await enter(page);
  await page.waitForURL("**/bureau/dossiers#contenu");
  await tabTo(page, `a[href$='/${reference}']`);
  await enter(page);
  await page.waitForURL(`**/${reference}`);
  await tabTo(page, ".acts button");
  await enter(page);
  await page.waitForURL("**?fait=prise-en-charge#contenu");
  assert.match(await page.getByRole("status").textContent(), /pris le dossier en charge/);

  await tabTo(page, "a[href$='/pieces']");
  await enter(page);
  await page.waitForURL("**/pieces");
  await tabTo(page, "#other");
  await page.keyboard.type("Un justificatif de domicile");
  await tabTo(page, "#text");
  await page.keyboard.type("Le domicile n’est pas prouvé.");
  await tabTo(page, ".questions .btn");
  await enter(page);
  await page.waitForURL("**?fait=pieces#contenu");
  assert.match(await page.locator(".side .big").textContent(), /Délai arrêté/);

  await citizen.page.goto(`/saint-aubin-sur-orle/dossiers/${reference}`);
  assert.match(await citizen.page.locator(".story .now").textContent(), /Un justificatif de domicile/);
  await citizen.page.getByLabel("Votre message").fill("J’ai déposé le justificatif au guichet.");
  await citizen.page.getByRole("button", { name: "Envoyer le message" }).click();

  await page.reload();
  assert.match(await page.locator(".story > li").first().textContent(), /Message de l’usager.*au guichet/s);
  await tabTo(page, "a[href$='/pieces-recues']");
  await enter(page);
  await page.waitForURL("**/pieces-recues");
  await tabTo(page, ".questions .btn");
  await enter(page);
  await page.waitForURL("**?fait=pieces-recues#contenu");

  await tabTo(page, "a[href$='/accord']");
  await enter(page);
  await page.waitForURL("**/accord");
  await tabTo(page, ".questions .btn");
  await enter(page);
  await page.waitForURL("**/accord#erreurs");
  assert.equal(await page.locator("h1").textContent(), "Relire la lettre, puis signer");
  assert.match(await page.locator(".letter").textContent(), /acceptée.*Claire Petit.*Agent, /s);
  await tabTo(page, ".signing .btn--big");
  await enter(page);
  await page.waitForURL("**?fait=accord#contenu");

  await citizen.page.goto(`/saint-aubin-sur-orle/dossiers/${reference}`);
  assert.match(await citizen.page.locator(".story").textContent(), /Décision de Claire Petit/);
  const [download] = await Promise.all([
    citizen.page.waitForEvent("download"),
    citizen.page.getByRole("link", { name: "Télécharger la lettre (PDF)" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), `decision-${reference}.pdf`);
  const bytes = await (await citizen.page.request.get(download.url())).body();
  assert.equal(bytes.subarray(0, 5).toString(), "%PDF-");
  assert.match(inflated(bytes), /\/StructTreeRoot/);  // tagged
  await citizen.close("demarche", "dossier");
  await close("bureau");
});

test("an error is said first, leads to its field, and keeps what was typed", async () => {
  const { page, close } = await fresh(quiet, [200, 304, 400]);
  await taken(page);
  await page.getByRole("link", { name: "Refuser" }).click();
  await page.getByLabel("Motifs").fill("Sans objet.");
  await page.getByRole("button", { name: "Lire la lettre" }).click();
  assert.match(await page.title(), /^Erreur/);
  assert.equal(await focused(page), "erreurs");
  await page.getByRole("alert").getByRole("link").click();
  assert.equal(await focused(page), "law");
  assert.equal(await page.getByLabel("Motifs").inputValue(), "Sans objet.");
  await close("bureau");
});

test("pressed twice, gone back and sent again: one act", async () => {
  const { page, close } = await fresh();
  await opened(page);
  await page.getByRole("button", { name: "Prendre en charge" }).dblclick();
  await page.waitForURL("**?fait=prise-en-charge#contenu");
  await page.getByRole("link", { name: "Donner un avis" }).click();
  await page.getByLabel("Votre avis").fill("Favorable.");
  await page.getByRole("button", { name: "Garder cet avis" }).dblclick();
  await page.waitForURL("**?fait=avis#contenu");
  assert.equal(await page.locator(".story > li").count(), 3);
  await close("bureau");
});

test("a refusal is mended before it is signed, and an opinion is never the citizen's to read", async () => {
  const { page, close } = await fresh(quiet);
  const reference = await takenBoth(page);
  await page.getByRole("link", { name: "Donner un avis" }).click();
  await page.getByLabel("Votre avis").fill("Affaire Zorglub.");
  await page.getByRole("button", { name: "Garder cet avis" }).click();
  await refuse(page);
  await page.getByRole("button", { name: "Corriger" }).click();
  assert.match(await page.getByLabel("Motifs").inputValue(), /sans objet/);
  await page.getByLabel("Motifs").fill("Déjà rendu.");
  await page.getByRole("button", { name: "Lire la lettre" }).click();
  assert.match(await page.locator(".letter").textContent(), /Déjà rendu\..*deux mois.*tribunal administratif/s);
  await page.getByRole("button", { name: "Signer le refus" }).click();
  await page.goto(`/saint-aubin-sur-orle/dossiers/${reference}`);
  const seen = await page.locator("main").textContent();
  assert.match(seen, /Déjà rendu\..*Décret n° 55-1397/s);
  assert.doesNotMatch(seen, /Zorglub/);
  await close("demarche", "dossier", "bureau");
});

test("two agents on one case: the second is told what the first did", async () => {
  const one = await fresh(quiet, [200, 304, 409]);
  const reference = await taken(one.page);
  await one.page.getByRole("link", { name: "Accepter" }).click();
  await one.page.getByLabel("Conditions ou précisions").fill("Avant le 15.");
  const two = await fresh(quiet);
  await signIn(two.page, awa);
  await two.page.goto(`/bureau/dossiers/${reference}`);
  await refuse(two.page);
  await two.page.getByRole("button", { name: "Signer le refus" }).click();
  await one.page.getByRole("button", { name: "Lire la lettre" }).click();
  assert.equal(await focused(one.page), "erreurs");
  assert.match(await one.page.getByRole("alert").textContent(), /Demande refusée.*Awa Diop/s);
  assert.equal(await one.page.getByLabel("Ce que vous aviez écrit").inputValue(), "Avant le 15.");
  await two.close("bureau");
  await one.close("bureau");
});

test("a case of another service is the page of a case that does not exist", async () => {
  const citizen = await fresh(quiet);
  await depose(citizen.page);
  const reference = shown(citizen.page);
  const { page, close } = await fresh(quiet, [200, 304, 404]);
  await signIn(page, jean);
  assert.equal(await page.getByText(reference).count(), 0);
  const bodies = [];
  for (const key of [reference, "KILU-BAFO-7"]) {
    assert.equal((await page.goto(`/bureau/dossiers/${key}`)).status(), 404);
    bodies.push(await page.locator("body").innerHTML());
  }
  assert.equal(bodies[0], bodies[1]);
  await citizen.close("demarche", "dossier");
  await close("bureau");
});

test("the reference of a case leads to it, and the cookie is nobody else's", async () => {
  const { page, close } = await fresh(quiet);
  const reference = await opened(page);
  await page.goto("/bureau/dossiers");
  await page.getByRole("searchbox").fill(reference.toLowerCase().replaceAll("-", " "));
  await page.getByRole("button", { name: "Chercher" }).click();
  assert.equal(shown(page), reference);
  const cookie = (await page.context().cookies()).find(({ name }) => name === "bureau");
  assert.equal(cookie.httpOnly, true);
  assert.equal(cookie.sameSite, "Strict");
  assert.equal(cookie.expires, -1);
  await close("bureau");
});

test("pieces that are asked for are read by the citizen with their day, given as files, and opened by the agent", async () => {
  const { page, close } = await fresh(quiet);
  const reference = await takenOf(page);
  await askPieces(page);
  await page.goto(`/saint-aubin-sur-orle/dossiers/${reference}`);
  assert.match(await page.locator(".story .now").textContent(),
    /jusqu’au.*Une copie ou une photo du titre perdu.*Un justificatif de domicile.*illisible/s);
  await press(page, "a[href$='/pieces']", "**/pieces");
  // One of two: the other is still awaited, and the delay waits for it.
  await page.locator("#pieces").setInputFiles(photo());
  await press(page, ".questions .btn--big", (url) => !url.pathname.endsWith("/pieces"));
  assert.match(await page.locator(".story .now").textContent(),
    /Un justificatif de domicile\s*Attendu.*Une copie ou une photo du titre perdu\s*Reçu/s);
  await page.goto(`/bureau/dossiers/${reference}`);
  assert.match(await page.locator(".side .big").textContent(), /Délai arrêté/);
  await page.goto(`/saint-aubin-sur-orle/dossiers/${reference}/pieces`);
  assert.equal(await page.locator("input[type=file]:not([capture])").count(), 1);
  await page.getByLabel("Un justificatif de domicile").setInputFiles(pdf());
  await tabTo(page, "#mot");
  await page.keyboard.type("Voici les deux.");
  await press(page, ".questions .btn--big", (url) => !url.pathname.endsWith("/pieces"));
  assert.match(await page.locator(".story").textContent(), /Vous avez donné des documents/);
  await page.goto(`/bureau/dossiers/${reference}`);
  assert.match(await page.locator("main").textContent(), /carte grise\.png.*facture\.pdf/s);
  assert.match(await page.locator(".story").textContent(), /Voici les deux/);
  assert.doesNotMatch(await page.locator(".side .big").textContent(), /Délai arrêté/);
  await page.locator(".side a", { hasText: "facture.pdf" }).click();
  assert.match(await page.locator("main").textContent(), /facture\.pdf/);
  await close("demarche", "dossier", "bureau");
});

test("with the script, each document is sent for what was asked for", async () => {
  const { page, close } = await fresh({}, [200, 201, 204, 304]);
  const reference = await takenOf(page);
  await askPieces(page);
  await page.goto(`/saint-aubin-sur-orle/dossiers/${reference}/pieces`);
  for (const [name, file] of [["Un justificatif de domicile", pdf()], ["Une copie ou une photo du titre perdu", photo()]]) {
    await page.getByLabel(name).setInputFiles(file);
    await page.locator(".field", { hasText: name }).getByText("Reçu").first().waitFor();
  }
  await page.getByRole("button", { name: "Envoyer au service" }).click();
  await page.waitForURL("**/dossiers/*#suivi");
  assert.match(await page.locator(".story .now").textContent(), /Le service étudie votre demande/);
  await page.goto(`/bureau/dossiers/${reference}`);
  assert.match(await page.locator("#pieces + .pieces").textContent(),
    /titre perdu.*carte grise\.png.*justificatif de domicile.*facture\.pdf|justificatif de domicile.*facture\.pdf.*titre perdu.*carte grise\.png/s);
  await close("demarche", "dossier", "bureau");
});

test("a document that is given up or asked for again is told to the citizen, by keyboard", async () => {
  const { page, close } = await fresh(quiet);
  const reference = await takenOf(page);
  await askPieces(page);
  await receiveOne(page);
  await press(page, "a[href$='/pieces-inutiles']", "**/pieces-inutiles");
  await tabTo(page, "#text");
  await page.keyboard.type("Votre domicile est connu.");
  await press(page, ".questions .btn", "**?fait=pieces-inutiles#contenu");
  assert.doesNotMatch(await page.locator(".side .big").textContent(), /arrêté/);
  await press(page, "a[href$='/pieces-a-refaire']", "**/pieces-a-refaire");
  await tabTo(page, "#text");
  await page.keyboard.type("Elle est illisible.");
  await press(page, ".questions .btn", "**?fait=pieces-a-refaire#contenu");
  assert.match(await page.locator(".side .big").textContent(), /Délai arrêté/);
  await page.goto(`/saint-aubin-sur-orle/dossiers/${reference}`);
  assert.match(await page.locator(".story .now").textContent(),
    /titre perdu\s*À donner de nouveau.*illisible.*justificatif de domicile\s*N’est plus demandé.*domicile est connu/s);
  await close("demarche", "dossier", "bureau");
});

test("a declaration that comes to nothing says why and how to come back, and no appeal", async () => {
  const { page, close } = await fresh(quiet);
  const reference = await ended(page);
  assert.match(await page.locator(".case-head").textContent(), /Sans suite/);
  assert.equal(await page.getByRole("link", { name: "Refuser" }).count(), 0);
  await page.goto(`/saint-aubin-sur-orle/dossiers/${reference}`);
  const seen = await page.locator("#suivi").locator("xpath=../..").textContent();
  assert.match(seen, /reste sans suite.*retrouvé et rendu.*rouvrir votre dossier/s);
  assert.doesNotMatch(seen, /[Cc]ontester|tribunal|refusée/);
  await close("demarche", "dossier", "bureau");
});

test("the day on which a letter of decision came is noted, and the time to appeal runs from it", async () => {
  const { page, close } = await fresh(quiet);
  await refusedByPost(page);
  const aside = page.locator(".side");
  assert.match(await aside.textContent(), /Dites ce jour dans « Courriers »/);
  await page.locator("input[name=way][value=posted]").check();
  await page.getByRole("button", { name: /^Remis ou envoyé.*la décision/ }).click();
  await page.waitForURL("**?fait=courrier#contenu");
  assert.match(await aside.textContent(), /peut contester jusqu’au .* au moins.*sans avis de réception/s);
  await page.getByLabel("Ce jour").fill(new Date().toLocaleDateString("fr-FR", { timeZone: "Europe/Paris" }));
  await page.getByRole("button", { name: /^Noter ce jour/ }).click();
  await page.waitForURL("**?fait=courrier#contenu");
  assert.match(await aside.textContent(), /d’après l’avis de réception/);
  assert.doesNotMatch(await aside.textContent(), /au moins/);
  await close("bureau");
});

test("letters to print are tagged files, whatever they say", async () => {
  const { page, close } = await fresh(quiet);
  await refusedByPost(page);
  await page.getByRole("link", { name: "Écrire à l’usager" }).click();
  await page.getByLabel("Votre message").fill("Votre acte n’est pas dans nos registres.");
  await page.getByRole("button", { name: "Envoyer le message" }).click();
  await page.waitForURL("**?fait=message#contenu");
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(".side a[href*='/lettre/']").click()]);
  const bytes = await (await page.request.get(download.url())).body();
  assert.equal(bytes.subarray(0, 5).toString(), "%PDF-");
  assert.match(inflated(bytes), /\/StructTreeRoot/);
  await close("bureau");
});

test("a request is typed at the counter by keyboard for a person without e-mail, and ends on the case with its receipt", async () => {
  const { page, close } = await fresh(quiet);
  await signIn(page);
  await page.goto("/bureau/demarches");
  await press(page, "a[href$='/perte-identite/saisie']", "**/saisie");
  await tabTo(page, "#way");
  await page.keyboard.press("Space");
  await press(page, ".questions .btn--big", (url) => url.pathname.endsWith("/question/motif"));
  const [day, month, year] = lately();
  const chosen = { motif: "perte", titre: "carte", pour_qui: "moi", honneur: "oui" };
  const typed = {
    lieu_perte: { "#q-lieu_perte": "Marché" },
    date_perte: { "#q-date_perte": day, "#q-date_perte-mois": month, "#q-date_perte-annee": year },
    titulaire: { "#q-titulaire-last_name": "Lambert", "#q-titulaire-first_names": "Zoé", "#q-titulaire-birth_date": "3",
      "#q-titulaire-birth_date-mois": "5", "#q-titulaire-birth_date-annee": "1985", "#q-titulaire-birth_place": "Montargis" },
    joindre: { "#q-adresse-street": "8 rue de la Halle", "#q-adresse-postcode": "45200", "#q-adresse-city": "Montargis" },
  };
  while (shown(page) !== "verifier") {
    const question = shown(page);
    assert.match(await page.locator(".typed").textContent(), /faite au guichet, saisie pour .* par Claire Petit/);
    if (question in chosen) {
      const wanted = page.locator(`input[name=${question}][value=${chosen[question]}]`);
      await tabTo(page, `input[name=${question}]`);
      await page.keyboard.press("Space");
      for (let n = 0; n < 6 && !(await wanted.isChecked()); ++n) await page.keyboard.press("ArrowDown");
      assert.ok(await wanted.isChecked());
    }
    for (const [field, words] of Object.entries(typed[question] ?? {})) {
      await tabTo(page, field);
      await page.keyboard.type(words);
    }
    await press(page, ".questions .btn--big", (url) => !url.pathname.endsWith(question));
  }
  assert.match(await page.locator(".typed").textContent(), /saisie pour Zoé Lambert par Claire Petit/);
  await press(page, ".send button", "**/bureau/dossiers/**");
  const reference = shown(page);
  assert.match(await page.getByRole("status").textContent(), /Imprimez l’accusé de réception/);
  assert.match(await page.locator(".story").textContent(), /faite au guichet.*Claire Petit/s);
  assert.match(await page.locator(".side").textContent(), /Pas d’e-mail.*à envoyer par courrier/s);
  await tabTo(page, ".side a[href$='/accuse-de-reception.pdf']");
  const [download] = await Promise.all([page.waitForEvent("download"), enter(page)]);
  assert.equal(download.suggestedFilename(), `accuse-de-reception-${reference}.pdf`);
  const bytes = await (await page.request.get(download.url())).body();
  assert.equal(bytes.subarray(0, 5).toString(), "%PDF-");
  await page.goto("/bureau/dossiers?etat=courriers");
  await press(page, `a[href$='/${reference}']`, `**/${reference}`);
  await press(page, "form[action$='/courrier'] button", "**?fait=courrier#contenu");
  assert.match(await page.locator(".side").textContent(), /Rien n’attend/);
  assert.match(await page.locator(".story").textContent(), /envoyé par courrier.*accusé de réception/s);
  await close("bureau");  // nothing of the person is left in the agent's browser
});

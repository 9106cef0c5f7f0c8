// Every page and state of the desk, and how an agent gets there.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { answers, demandOf, depose, next, shown, walk } from "./procedures.mjs";
import { agents, password } from "./support.mjs";
import { press } from "./visit.mjs";

export const [claire, jean, awa] = agents;
const list = "/bureau/dossiers";

export async function signIn(page, who = claire, words = password) {
  await page.goto("/bureau");
  await page.getByLabel("Adresse e-mail professionnelle").fill(who.login);
  await page.getByLabel("Mot de passe", { exact: true }).fill(words);
  await page.getByRole("button", { name: "Se connecter" }).click();
}

const button = (page, name) => page.getByRole("button", { name, exact: true }).click();
const link = (page, name) => page.getByRole("link", { name, exact: true }).click();

// A citizen's case, by the API: it has no page to walk through and sets no cookie. A demand that is
// decided; or, with more answers, another one of the same kind.
export async function deposited(page, more = {}) {
  const answer = await page.request.post("/api/v1/cases", {
    headers: { "Idempotency-Key": randomUUID() },
    data: { procedure: "acte-etat-civil", commune: "99001", deposit: true, answers: {
      type: "naissance", lieu: "ici", date_acte: "1985-05-03", document: "extrait",
      personne: { last_name: "Lambert", first_names: "Zoé Marie" },
      demandeur: { last_name: "Lambert", first_names: "Zoé Marie" },
      email: "zoe.lambert@example.org", remise: "courrier",
      adresse: { street: "8 rue de la Halle", postcode: "45200", city: "Montargis" }, ...more } },
  });
  if (answer.status() !== 201) throw new Error(await answer.text());
  return answer.json();
}
// Without an e-mail address: letters are printed.
const byPost = { email: null };

// An agent ends a case by keyboard alone, by a decision or by the first end of its démarche; the
// citizen has the receipt and the end in the mailbox. What the citizen then reads.
export async function decide({ page, close }, mailbox, reference, email) {
  const about = (words) => ({ headers, rcpt_tos, parts }) =>
    headers.Subject.includes(reference) && rcpt_tos.includes(email) &&
    parts.some(({ type, bytes }) => type === "text/plain" && words.test(Buffer.from(bytes, "base64").toString()));
  const received = await mailbox.letter(about(/accusé de réception/i));
  assert.ok(received.parts.some(({ type, name }) => type === "application/pdf" && name.includes(reference)));
  await signIn(page, awa);
  await page.goto(`${list}/${reference}`);
  await press(page, ".acts button", "**?fait=prise-en-charge#contenu");
  const ends = page.locator(".acts a[href*='/fin?choix=']");
  let read = /acceptée/;
  if (await ends.count() > 0) {
    assert.equal(await page.locator("a[href$='/accord']").count(), 0);
    await press(page, ".acts a[href*='/fin?choix=']", "**/fin?choix=*");
    read = new RegExp((await page.locator(".tick label:has(:checked) small").textContent()).replace(/\.$/, ""));
    await press(page, ".questions .btn", "**?fait=fin#contenu");
    const { parts } = await mailbox.letter(about(read));
    const text = parts.filter(({ type }) => type === "text/plain").map(({ bytes }) => Buffer.from(bytes, "base64").toString()).join();
    assert.doesNotMatch(text, /tribunal|contester/);
  } else {
    await press(page, "a[href$='/accord']", "**/accord");
    await press(page, ".questions .btn", "**/accord#erreurs");
    await press(page, ".signing .btn--big", "**?fait=accord#contenu");
    await mailbox.letter(about(/décision/i));
  }
  await close("bureau");
  return read;
}

// An agent who has a case before them.
export async function opened(page, who = claire) {
  await page.context().clearCookies();
  return openedOf(page, await deposited(page), who);
}
async function openedOf(page, { reference }, who = claire) {
  await signIn(page, who);
  await page.goto(`${list}/${reference}`);
  return reference;
}
export async function taken(page) {
  const reference = await opened(page);
  await button(page, "Prendre en charge");
  return reference;
}
// The same of a case whose citizen is in this browser too: their cookies differ. A demand that is
// decided; and a declaration.
export async function takenBoth(page) {
  await demandOf(page);
  const reference = shown(page);
  await openedOf(page, { reference });
  await button(page, "Prendre en charge");
  return reference;
}
export async function takenOf(page) {
  await depose(page);
  const reference = shown(page);
  await signIn(page);
  await page.goto(`${list}/${reference}`);
  await button(page, "Prendre en charge");
  return reference;
}
export async function askPieces(page) {
  await link(page, "Demander des pièces");
  await page.locator("#other").fill("Une copie ou une photo du titre perdu\nUn justificatif de domicile");
  await page.getByLabel("Pourquoi").fill("La copie est illisible.\nLe domicile n’est pas prouvé.");
  await button(page, "Demander ces pièces");
}
export async function refuse(page) {
  await link(page, "Refuser");
  await page.getByLabel("Motifs").fill("Le titre a été retrouvé et rendu le 3 novembre.\nLa déclaration est sans objet.");
  await page.getByLabel("Texte appliqué").fill("Décret n° 55-1397 du 22 octobre 1955, article 5");
  await button(page, "Lire la lettre");
}

// Of what askPieces asks for, the first came to the counter.
export async function receiveOne(page) {
  await link(page, "Pièces reçues");
  await page.getByLabel("Une copie ou une photo du titre perdu").check();
  await button(page, "Enregistrer les pièces");
  await page.waitForURL("**?fait=pieces-recues*");
}
async function someReceived(page) {
  await taken(page);
  await askPieces(page);
  await receiveOne(page);
}
export async function ended(page) {
  const reference = await takenOf(page);
  await link(page, "Classer sans suite");
  await page.getByLabel("Ce que vous dites à l’usager").fill("Le titre a été retrouvé et rendu le 3 novembre.");
  await button(page, "Terminer");
  await page.waitForURL("**?fait=fin*");
  return reference;
}
export async function refusedByPost(page) {
  await page.context().clearCookies();
  const reference = await openedOf(page, await deposited(page, byPost));
  await button(page, "Prendre en charge");
  await refuse(page);
  await button(page, "Signer le refus");
  await page.waitForURL("**?fait=refus*");
  return reference;
}

// An agent types a request for a person who has no e-mail address.
async function typing(page) {
  await page.context().clearCookies();
  await signIn(page);
  await page.goto("/bureau/demarches/perte-identite/saisie");
}
async function typed(page) {
  await typing(page);
  await page.getByLabel("La personne est au guichet").check();
  await button(page, "Commencer la saisie");
}
async function sent(page) {
  await typed(page);
  await walk(page, "joindre");
  await answers.joindre(page);
  await page.getByLabel("Adresse e-mail").fill("");
  await next(page);
  await walk(page);
  await button(page, "Envoyer ma demande");
}

const acting = (name) => async (page) => { await taken(page); await link(page, name); };
const signed = { agent: true };

export const states = [
  { name: "desk-sign-in", open: async (page) => { await page.context().clearCookies(); await page.goto("/bureau"); } },
  { name: "desk-sign-in-empty", status: 400, open: async (page) => {
    await page.context().clearCookies();
    await page.goto("/bureau");
    await button(page, "Se connecter");
  } },
  { name: "desk-sign-in-wrong", status: 403, open: async (page) => { await page.context().clearCookies(); await signIn(page, jean, "pas le bon"); } },
  { name: "desk-signed-out", open: async (page) => { await page.context().clearCookies(); await signIn(page, awa); await button(page, "Se déconnecter"); } },
  { name: "desk-over", status: 403, open: async (page) => {
    await taken(page);
    await link(page, "Écrire à l’usager");
    await page.getByLabel("Votre message").fill("Bonjour, votre récépissé est prêt.");
    await page.context().clearCookies({ name: "bureau" });
    await button(page, "Envoyer le message");
  } },
  { name: "desk-resumed", ...signed, status: 403, open: async (page) => {
    await states.find((state) => state.name === "desk-over").open(page);
    await page.getByLabel("Adresse e-mail professionnelle").fill(claire.login);
    await page.getByLabel("Mot de passe", { exact: true }).fill(password);
    await button(page, "Se connecter");
  } },
  { name: "desk-password", agent: true, open: async (page) => { await page.context().clearCookies(); await signIn(page); await page.goto("/bureau/mot-de-passe"); } },
  { name: "desk-password-wrong", agent: true, status: 400, open: async (page) => {
    await states.find((state) => state.name === "desk-password").open(page);
    await page.getByLabel("Mot de passe actuel").fill(password);
    await page.getByLabel("Nouveau mot de passe", { exact: true }).fill("court");
    await button(page, "Changer");
  } },
  { name: "desk-list-empty", agent: true, open: async (page) => { await page.context().clearCookies(); await signIn(page, jean); } },
  { name: "desk-list", ...signed, open: async (page) => { await opened(page, awa); await page.goto(list); } },
  { name: "desk-list-state", ...signed, open: async (page) => { await taken(page); await page.goto(`${list}?etat=en-cours`); } },
  { name: "desk-list-not-found", agent: true, open: async (page) => {
    await page.context().clearCookies();
    await signIn(page);
    await page.getByRole("searchbox").fill("zorglub");
    await button(page, "Chercher");
  } },
  { name: "desk-forms", agent: true, open: async (page) => { await page.context().clearCookies(); await signIn(page); await page.goto("/bureau/demarches"); } },
  { name: "desk-typing", agent: true, open: typing },
  { name: "desk-typing-wrong", agent: true, status: 400, open: async (page) => {
    await typing(page);
    await page.getByLabel("Son formulaire est venu par courrier").check();
    await button(page, "Commencer la saisie");
  } },
  { name: "typed-question", draft: true, agent: true, open: typed },
  { name: "typed-later", draft: true, agent: true, open: async (page) => { await typed(page); await link(page, "Reprendre plus tard"); } },
  { name: "desk-typings", draft: true, agent: true, open: async (page) => { await typed(page); await page.goto("/bureau/demarches"); } },
  { name: "desk-case-typed", agent: true, open: sent },
  { name: "desk-papers", agent: true, open: async (page) => { await sent(page); await page.goto(`${list}?etat=courriers`); } },
  { name: "desk-lost", agent: true, status: 404, open: async (page) => { await page.context().clearCookies(); await signIn(page); await page.goto(`${list}/KILU-BAFO-7`); } },
  { name: "desk-error", status: 404, open: async (page) => { await page.context().clearCookies(); await page.goto("/bureau/inconnu"); } },
  { name: "desk-case", ...signed, open: opened },
  { name: "desk-case-taken", ...signed, open: taken },
  { name: "desk-case-pieces", ...signed, open: async (page) => { await taken(page); await askPieces(page); } },
  { name: "desk-case-refused", ...signed, open: async (page) => { await taken(page); await refuse(page); await button(page, "Signer le refus"); } },
  { name: "desk-case-note", ...signed, open: async (page) => {
    await acting("Donner un avis")(page);
    await page.getByLabel("Votre avis").fill("Titre déjà signalé en septembre.");
    await button(page, "Garder cet avis");
  } },
  { name: "desk-act-pieces", ...signed, open: acting("Demander des pièces") },
  { name: "desk-act-pieces-wrong", ...signed, status: 400, open: async (page) => {
    await acting("Demander des pièces")(page);
    await page.getByLabel("À donner au plus tard le").fill("32 janvier");
    await button(page, "Demander ces pièces");
  } },
  { name: "desk-act-received", ...signed, open: async (page) => { await taken(page); await askPieces(page); await link(page, "Pièces reçues"); } },
  { name: "desk-act-received-none", ...signed, status: 400, open: async (page) => {
    await states.find((state) => state.name === "desk-act-received").open(page);
    await button(page, "Enregistrer les pièces");
  } },
  { name: "desk-case-pieces-part", ...signed, open: someReceived },
  { name: "desk-act-waive", ...signed, open: async (page) => { await taken(page); await askPieces(page); await link(page, "Renoncer à une pièce"); } },
  { name: "desk-act-return", ...signed, open: async (page) => { await someReceived(page); await link(page, "Redemander une pièce"); } },
  { name: "desk-act-end", draft: true, case: true, agent: true, open: async (page) => { await takenOf(page); await link(page, "Classer sans suite"); } },
  { name: "desk-act-end-wrong", draft: true, case: true, agent: true, status: 400, open: async (page) => {
    await states.find((state) => state.name === "desk-act-end").open(page);
    await button(page, "Terminer");
  } },
  { name: "desk-case-ended", draft: true, case: true, agent: true, open: ended },
  { name: "case-ended", draft: true, case: true, agent: true, open: async (page) => {
    const reference = await ended(page);
    await page.goto(`/saint-aubin-sur-orle/dossiers/${reference}`);
  } },
  { name: "case-asks", draft: true, case: true, agent: true, open: async (page) => {
    const reference = await takenOf(page);
    await askPieces(page);
    await receiveOne(page);
    await page.goto(`/saint-aubin-sur-orle/dossiers/${reference}`);
  } },
  { name: "case-asks-giving", draft: true, case: true, agent: true, open: async (page) => {
    const reference = await takenOf(page);
    await askPieces(page);
    await page.goto(`/saint-aubin-sur-orle/dossiers/${reference}/pieces`);
  } },
  { name: "desk-letter-day", ...signed, open: refusedByPost },
  { name: "desk-letter-day-wrong", ...signed, status: 400, open: async (page) => {
    await refusedByPost(page);
    await page.getByLabel("Envoyée par courrier").check();
    await page.getByLabel("Ce jour").fill("1er janvier 2020");
    await page.getByRole("button", { name: "Remis ou envoyé : la décision" }).click();
  } },
  { name: "desk-letter-posted", ...signed, open: async (page) => {
    await refusedByPost(page);
    await page.getByLabel("Envoyée par courrier").check();
    await page.getByRole("button", { name: "Remis ou envoyé : la décision" }).click();
    await page.waitForURL("**?fait=courrier*");
  } },
  { name: "desk-act-message", ...signed, open: acting("Écrire à l’usager") },
  { name: "desk-act-note", ...signed, open: acting("Donner un avis") },
  { name: "desk-act-service", ...signed, open: acting("Confier à un autre service") },
  { name: "desk-act-transfer", ...signed, open: acting("Transmettre ailleurs") },
  { name: "desk-act-accept", ...signed, open: acting("Accepter") },
  { name: "desk-act-refuse", ...signed, open: acting("Refuser") },
  { name: "desk-act-refuse-wrong", ...signed, status: 400, open: async (page) => { await acting("Refuser")(page); await button(page, "Lire la lettre"); } },
  { name: "desk-letter-refuse", ...signed, open: async (page) => { await taken(page); await refuse(page); } },
  { name: "desk-letter-accept", ...signed, open: async (page) => { await acting("Accepter")(page); await button(page, "Lire la lettre"); } },
  { name: "desk-act-close", ...signed, open: async (page) => { await states.find((state) => state.name === "desk-case-refused").open(page); await link(page, "Clore"); } },
  { name: "desk-act-reopen", ...signed, open: async (page) => { await states.find((state) => state.name === "desk-case-refused").open(page); await link(page, "Rouvrir"); } },
  { name: "desk-changed", ...signed, status: 409, open: async (page) => {
    await acting("Refuser")(page);
    await page.getByLabel("Motifs").fill("Le titre a été retrouvé.");
    await page.getByLabel("Texte appliqué").fill("Décret n° 55-1397, article 5");
    const other = await page.context().newPage();
    await other.goto(page.url().replace("/refus", "/avis"));
    await other.getByLabel("Votre avis").fill("Attention, une seconde déclaration est arrivée.");
    await button(other, "Garder cet avis");
    await other.waitForURL("**?fait=avis*");
    await other.close();
    await button(page, "Lire la lettre");
  } },
  { name: "desk-too-late", ...signed, status: 409, open: async (page) => {
    await acting("Accepter")(page);
    await page.getByLabel("Conditions ou précisions").fill("Venez chercher votre récépissé avant le 15.");
    const other = await page.context().newPage();
    await other.goto(page.url().replace("/accord", ""));
    await refuse(other);
    await button(other, "Signer le refus");
    await other.waitForURL("**?fait=refus*");
    await other.close();
    await button(page, "Lire la lettre");
  } },
  { name: "case-decided", draft: true, case: true, agent: true, open: async (page) => {
    const reference = await takenBoth(page);
    await refuse(page);
    await button(page, "Signer le refus");
    await page.goto(`/saint-aubin-sur-orle/dossiers/${reference}`);
  } },
];

// Every page and state of démarches and cases, and how a citizen gets there.
import { letter, pdf } from "./files.mjs";
import { commune } from "./pages.mjs";

// The reference of nobody's case.
const somewhere = "KILU-BAFO-B";
export const procedure = `${commune}demarches/perte-identite`;
const at = (address) => async (page) => {
  await page.context().clearCookies();
  await page.goto(address);
};

export const next = (page) => page.getByRole("button", { name: "Continuer", exact: true }).last().click();
// The page of the question that is shown.
export const shown = (page) => new URL(page.url()).pathname.split("/").at(-1);

export async function begin(page, address = procedure) {
  await page.context().clearCookies();
  await page.goto(address);
  await page.getByRole("button", { name: "Commencer" }).click();
}

async function date(page, day, month, year) {
  await page.getByLabel("Jour", { exact: true }).fill(day);
  await page.getByLabel("Mois", { exact: true }).fill(month);
  await page.getByLabel("Année", { exact: true }).fill(year);
}
// Last month: neither to come nor too long ago, whenever the test runs.
export function lately() {
  const day = new Date();
  day.setDate(1);
  day.setMonth(day.getMonth() - 1);
  return ["1", String(day.getMonth() + 1), String(day.getFullYear())];
}

// How each question of perte-identite is answered.
export const answers = {
  motif: (page) => page.getByLabel("J’ai perdu mon titre").check(),
  titre: (page) => page.getByLabel("Carte nationale d’identité").check(),
  numero: () => {},
  date_perte: (page) => date(page, ...lately()),
  lieu_perte: (page) => page.getByRole("textbox").fill("Marché de la Halle"),
  circonstances: (page) => page.getByRole("textbox").fill("Je ne sais pas.\nMon sac était ouvert."),
  pour_qui: (page) => page.getByLabel("À moi", { exact: true }).check(),
  titulaire: async (page) => {
    await page.getByLabel("Nom de famille").fill("Lambert");
    await page.getByLabel("Prénoms").fill("Zoé Marie");
    await date(page, "3", "5", "1985");
    await page.getByLabel("Commune et pays de naissance").fill("Montargis, France");
  },
  joindre: async (page) => {
    await page.getByLabel("Adresse e-mail").fill("zoe.lambert@example.org");
    await page.getByLabel("Numéro et rue").fill("8 rue de la Halle");
    await page.getByLabel("Code postal").fill("45200");
    await page.getByLabel("Ville").fill("Montargis");
  },
  honneur: (page) => page.getByRole("checkbox").check(),
  ancienne_copie: () => {},
};

// Answers questions until the one wanted, or until the check.
export async function walk(page, until = "verifier") {
  while (shown(page) !== until) {
    await answers[shown(page)](page);
    await next(page);
  }
}

export async function depose(page) {
  await begin(page);
  await walk(page);
  await page.getByRole("button", { name: "Envoyer ma demande" }).click();
}

// A demand that is decided: how each question of acte-etat-civil is answered, for an extract.
const demand = {
  type: (page) => page.getByLabel("Acte de naissance").check(),
  lieu: (page) => page.getByLabel("Dans cette commune").check(),
  date_acte: (page) => date(page, "3", "5", "1985"),
  document: (page) => page.getByLabel("Extrait sans filiation").check(),
  personne: async (page) => {
    await page.getByLabel("Nom de famille").fill("Lambert");
    await page.getByLabel("Prénoms").fill("Zoé Marie");
  },
  vous: async (page) => {
    await demand.personne(page);
    await page.getByLabel("Adresse e-mail").fill("zoe.lambert@example.org");
  },
  remise: (page) => page.getByLabel("Au guichet de la mairie").check(),
};
export async function demandOf(page) {
  await begin(page, `${commune}demarches/acte-etat-civil`);
  while (shown(page) !== "verifier") {
    await demand[shown(page)](page);
    await next(page);
  }
  await page.getByRole("button", { name: "Envoyer ma demande" }).click();
}

const asked = (id) => async (page) => { await begin(page); await page.goto(`${procedure}/question/${id}`); };
const of = (id, question) => async (page) => {
  await begin(page, `${commune}demarches/${id}`);
  if (question) await page.goto(`${commune}demarches/${id}/question/${question}`);
};

export const states = [
  { name: "proc-list", open: at(`${commune}demarches`) },
  { name: "proc-list-town", open: at("/demarches") },
  { name: "proc-start", open: at(procedure) },
  { name: "proc-start-documents", open: at(`${commune}demarches/inscription-scolaire`) },
  { name: "proc-start-choose-commune", open: at("/demarches/perte-identite") },
  { name: "proc-start-begun", draft: true, open: async (page) => { await begin(page); await page.goto(procedure); } },
  { name: "proc-start-confirm", draft: true, open: async (page) => {
    await at(procedure)(page);
    await page.route("**/commencer", (route) => {
      const { "sec-fetch-site": _, origin: __, ...headers } = route.request().headers();
      return route.continue({ headers });
    });
    await page.getByRole("button", { name: "Commencer" }).click();
    // A browser that puts the headers back goes straight to the first question.
    await page.waitForURL(/\/(commencer|question\/motif)$/);
    await page.unroute("**/commencer");
  } },
  { name: "proc-paper", open: at(`${procedure}/papier`) },
  { name: "proc-paper-long", open: at(`${commune}demarches/acte-etat-civil/papier`) },
  { name: "proc-choice", draft: true, open: begin },
  { name: "proc-choice-missing", draft: true, open: async (page) => { await begin(page); await next(page); } },
  { name: "proc-text", draft: true, open: asked("numero") },
  { name: "proc-date", draft: true, open: asked("date_perte") },
  { name: "proc-date-wrong", draft: true, open: async (page) => {
    await asked("date_perte")(page);
    await date(page, "11", "21", "2026");
    await next(page);
  } },
  { name: "proc-long-text", draft: true, open: asked("circonstances") },
  { name: "proc-person", draft: true, open: asked("titulaire") },
  { name: "proc-person-wrong", draft: true, open: async (page) => { await asked("titulaire")(page); await next(page); } },
  { name: "proc-address", draft: true, open: asked("joindre") },
  { name: "proc-attestation-missing", draft: true, open: async (page) => { await asked("honneur")(page); await next(page); } },
  { name: "proc-file", draft: true, open: asked("ancienne_copie") },
  { name: "proc-file-needed", draft: true, other: true, open: of("inscription-scolaire", "vaccinations") },
  { name: "proc-file-given", draft: true, other: true, also: [201, 204], open: async (page) => {
    await of("inscription-scolaire", "vaccinations")(page);
    await page.locator("#q-vaccinations").setInputFiles(pdf("carnet de santé, pages 90 à 92, vaccinations à jour de l’enfant.pdf"));
    await page.getByText("Reçu").first().waitFor();
  } },
  { name: "proc-file-refused", draft: true, other: true, also: [201, 204], open: async (page) => {
    await of("inscription-scolaire", "vaccinations")(page);
    await page.locator("#q-vaccinations").setInputFiles(letter);
    await page.getByText("Refusé").first().waitFor();
  } },
  { name: "proc-file-dated", draft: true, other: true, open: of("inscription-scolaire", "justificatif_domicile") },
  { name: "proc-yes-no", draft: true, other: true, open: of("signalement-voirie", "danger") },
  { name: "proc-note", draft: true, other: true, open: async (page) => {
    await of("signalement-voirie", "danger")(page);
    await page.getByLabel("Oui").check();
    await next(page);
  } },
  { name: "proc-place", draft: true, other: true, open: of("signalement-voirie", "lieu") },
  { name: "proc-repeat", draft: true, other: true, open: async (page) => {
    await of("acte-etat-civil", "type")(page);
    await page.getByLabel("Acte de naissance").check();
    await next(page);
    await page.getByLabel("Dans cette commune").check();
    await next(page);
    await date(page, "3", "5", "1985");
    await next(page);
    await page.getByLabel("Copie intégrale").check();
    await next(page);
    await page.getByLabel("C’est mon acte").check();
    await next(page);
    await page.goto(`${commune}demarches/acte-etat-civil/question/parents`);
    await page.getByRole("button", { name: /^Ajouter/ }).click();
    await page.getByLabel("Nom de naissance").fill("Lambert");
    await page.getByRole("button", { name: /^Ajouter/ }).click();
  } },
  { name: "proc-barred", draft: true, open: async (page) => {
    await begin(page);
    await page.getByLabel("On me l’a volé").check();
    await next(page);
  } },
  { name: "proc-check-missing", draft: true, open: async (page) => { await asked("titre")(page); await page.goto(`${procedure}/verifier`); } },
  { name: "proc-check", draft: true, open: async (page) => { await begin(page); await walk(page); } },
  { name: "proc-later", draft: true, open: async (page) => { await begin(page); await page.goto(`${procedure}/plus-tard`); } },
  { name: "proc-erase", draft: true, open: async (page) => { await begin(page); await page.goto(`${procedure}/effacer`); } },
  { name: "proc-erased", open: async (page) => {
    await begin(page);
    await page.goto(`${procedure}/effacer`);
    await page.getByRole("button", { name: "Effacer" }).click();
  } },
  { name: "proc-lost", status: 404, open: async (page) => { await page.context().clearCookies(); await page.goto(`${procedure}/verifier`); } },
  { name: "proc-not-offered", status: 404, open: at(`${commune}demarches/inconnue`) },
  { name: "proc-deposited", status: 409, draft: true, case: true, open: async (page) => { await depose(page); await page.goto(`${procedure}/question/motif`); } },
  { name: "case-receipt", draft: true, case: true, open: depose },
  { name: "case-later", draft: true, case: true, open: async (page) => { await depose(page); await page.goto(page.url().split("?")[0]); } },
  { name: "case-message", draft: true, case: true, open: async (page) => {
    await depose(page);
    await page.getByLabel("Votre message").fill("J’ai retrouvé une photo.\nJe l’apporte ?");
    await page.getByRole("button", { name: "Envoyer le message" }).click();
  } },
  { name: "case-message-empty", status: 400, draft: true, case: true, open: async (page) => {
    await depose(page);
    await page.getByRole("button", { name: "Envoyer le message" }).click();
  } },
  { name: "case-withdraw", draft: true, case: true, open: async (page) => { await depose(page); await page.getByRole("link", { name: "Retirer votre demande" }).click(); } },
  { name: "case-withdrawn", draft: true, case: true, open: async (page) => {
    await depose(page);
    await page.getByRole("link", { name: "Retirer votre demande" }).click();
    await page.getByRole("button", { name: "Retirer", exact: true }).click();
  } },
  { name: "case-closed", open: async (page) => { await depose(page); await page.getByRole("button", { name: "Quitter mon dossier" }).click(); } },
  { name: "case-follow", open: at(`${commune}dossiers`) },
  { name: "case-follow-wrong", status: 400, open: async (page) => {
    await page.goto(`${commune}dossiers`);
    await page.getByLabel("Référence du dossier").first().fill("KILU-BAFO-1");
    await page.getByRole("button", { name: "Recevoir mon lien" }).click();
  } },
  { name: "case-follow-code-wrong", status: 400, open: async (page) => {
    await at(`${commune}dossiers`)(page);
    await page.getByText("Vous avez un code sur papier").click();
    await page.getByLabel("Référence du dossier").last().fill(somewhere);
    await page.getByLabel("Votre code").fill("0000-0000-0000");
    await page.getByRole("button", { name: "Ouvrir avec mon code" }).click();
  } },
  { name: "case-follow-sent", open: at(`${commune}dossiers/envoye`) },
  { name: "case-sent-code", asks: true, open: async (page) => {
    await at(`${commune}dossiers/${somewhere}`)(page);
    await page.getByRole("button", { name: "Recevoir un lien" }).click();
  } },
  { name: "case-ask", open: at(`${commune}dossiers/${somewhere}`) },
  { name: "case-ask-code", open: async (page) => {
    await at(`${commune}dossiers/${somewhere}`)(page);
    await page.getByText("Vous avez un code sur papier").click();
  } },
  { name: "case-used", status: 404, open: at(`${commune}dossiers/acces/${"0".repeat(64)}`) },
  { name: "case-link", open: at(`${commune}dossiers/lien/${"0".repeat(32)}-${"0".repeat(64)}`) },
  { name: "case-lost", status: 404, open: at(`${commune}dossiers/KILU-BAFO-1`) },
];

// Every page and state of appointments, and how a citizen gets there.
import { commune } from "./pages.mjs";

export const list = `${commune}rendez-vous`;
export const choose = `${list}/choisir/titres-identite/carte-identite`;

// The first slot of the page.
export const firstSlot = (page) => page.locator("input[name=debut]").first();
export async function keep(page, address = choose) {
  await page.context().clearCookies();
  await page.goto(address);
  await firstSlot(page).check();
  await page.getByRole("button", { name: "Garder cet horaire" }).click();
  await page.waitForURL("**/vous");
}
export async function who(page) {
  await page.getByLabel("Prénom et nom").fill("Zoé Lambert");
  await page.getByLabel("Adresse de courriel").fill("zoe.lambert@example.org");
}
export async function book(page, address = choose) {
  await keep(page, address);
  await who(page);
  await page.getByRole("button", { name: "Confirmer le rendez-vous" }).click();
  await page.waitForURL("**/mien/*?pris");
}
export async function enter(page) {
  await page.context().clearCookies();
  await page.goto(`${list}/attente/titres-identite/carte-identite`);
  await who(page);
  await page.getByRole("button", { name: "M’inscrire" }).click();
  await page.waitForURL("**/place/*");
}

const at = (address) => async (page) => { await page.context().clearCookies(); await page.goto(address); };
const mine = (rest) => async (page) => {
  await book(page);
  await page.goto(new URL(page.url()).pathname + rest);
};

export const states = [
  { name: "rdv-list", open: at(list) },
  { name: "rdv-list-town", open: at("/rendez-vous") },
  { name: "rdv-choose", open: at(choose) },
  { name: "rdv-choose-family", open: at(`${choose}?personnes=3`) },
  { name: "rdv-choose-ways", open: at(`${list}/choisir/urbanisme/autorisation-locale`) },
  { name: "rdv-none-chosen", status: 400, open: async (page) => {
    await at(choose)(page);
    await page.getByRole("button", { name: "Garder cet horaire" }).click();
  } },
  { name: "rdv-who", cookie: "rendez-vous", open: keep },
  { name: "rdv-who-faults", status: 400, cookie: "rendez-vous", open: async (page) => {
    await keep(page);
    await page.getByRole("button", { name: "Confirmer le rendez-vous" }).click();
  } },
  { name: "rdv-booked", cookie: "rendez-vous", open: (page) => book(page) },
  { name: "rdv-move", cookie: "rendez-vous", open: mine("/deplacer") },
  { name: "rdv-needs", cookie: "rendez-vous", open: mine("/aide") },
  { name: "rdv-needs-noted", cookie: "rendez-vous", open: async (page) => {
    await mine("/aide")(page);
    await page.getByLabel("Accès sans marche, fauteuil").check();
    await page.getByLabel("Interprète").fill("arabe");
    await page.getByRole("button", { name: "Enregistrer" }).click();
    await page.waitForURL("**?note");
  } },
  { name: "rdv-cancel", cookie: "rendez-vous", open: mine("/annuler") },
  { name: "rdv-cancelled", cookie: "rendez-vous", open: async (page) => {
    await mine("/annuler")(page);
    await page.getByRole("button", { name: "Annuler le rendez-vous" }).click();
    await page.getByRole("heading", { name: "Ce rendez-vous est annulé" }).waitFor();
  } },
  { name: "rdv-closed", open: async (page) => {
    await mine("")(page);
    await page.getByRole("button", { name: "Fermer ce rendez-vous" }).click();
    await page.waitForURL("**/ferme");
  } },
  { name: "rdv-gone", status: 404, open: at(`${list}/mien/00000000000000000000000000000000`) },
  { name: "rdv-wait", open: at(`${list}/attente/titres-identite/carte-identite`) },
  { name: "rdv-wait-faults", status: 400, open: async (page) => {
    await at(`${list}/attente/titres-identite/carte-identite`)(page);
    for (const day of await page.locator("input[name=jours]").all()) await day.uncheck();
    await page.getByLabel("Jusqu’à quelle date").fill("hier peut-être");
    await page.getByRole("button", { name: "M’inscrire" }).click();
  } },
  { name: "rdv-waiting", cookie: "attente", open: enter },
  { name: "rdv-link", open: at(`${list}/lien/${"0".repeat(32)}-${"0".repeat(64)}`) },
];

// Every page and state of appointments at the desk, and how an agent gets there.
import { book as bookAsCitizen, choose, list } from "./appointments.mjs";
import { awa, signIn } from "./desk.mjs";
import { busyEvening } from "./support.mjs";

export const visits = "/bureau/rendez-vous";
export const titles = `${visits}?agenda=titres-identite`;
export const planning = `${visits}?agenda=urbanisme`;
export const calling = `${visits}/nouveau?agenda=titres-identite&motif=carte-identite&personnes=2&maniere=in_person&etape=quand`;

const button = (page, name) => page.getByRole("button", { name, exact: true }).click();
const link = (page, name) => page.getByRole("link", { name, exact: true }).click();
export const firstSlot = (page) => page.locator("input[name=debut]").first();

export const inDays = (count) => new Date(Date.now() + 86400e3 * count);
export const words = (date) => new Intl.DateTimeFormat("fr", { dateStyle: "long", timeZone: "Europe/Paris" }).format(date).replace(/^1 /, "1er ");
const iso = (date) => new Intl.DateTimeFormat("sv", { timeZone: "Europe/Paris" }).format(date);

// An agent of all services at a page.
export async function at(page, address, who = awa) {
  await page.context().clearCookies();
  await signIn(page, who);
  await page.goto(address);
}
// Books for who calls, at the first slot, a moment that is typed, or a start that the address says; leaves
// the agent at the appointment.
export async function call(page, { name = "Élodie Roy", moment = "", start = "" } = {}) {
  await page.goto(start ? calling.replace("=quand", `=qui&debut=${start}`) : calling);
  if (moment) await page.getByLabel("Un autre moment").fill(moment);
  else if (!start) await firstSlot(page).check();
  if (!start) await button(page, "Continuer");
  await page.getByLabel("Prénom et nom").fill(name);
  await page.getByLabel("Téléphone", { exact: true }).fill("06 12 34 56 78");
  await page.getByLabel("Langue des signes").check();
  await page.getByLabel("Interprète").fill("arabe");
  await button(page, "Prendre le rendez-vous");
  await page.waitForURL("**?fait=pris*");
}
// The day of the first slots, where somebody is expected.
export async function dayOf(page) {
  await link(page, "Les rendez-vous de ce jour");
  await page.locator(".visit").first().waitFor();
}
// In the night before, whatever the hour is now; another time each: two counters receive at once, for forty
// minutes.
let count = 0;
export const earlier = () => {
  const night = new Date(Date.now() - 86400e3);
  night.setUTCHours(1, 40 * Math.floor(count++ / 2), 0, 0);
  return night.toISOString();
};

// An appointment in an evening that is busy afterwards, each time another one; leaves the agent at its day.
let evenings = 0;
export async function clashing(page) {
  const evening = inDays(10 + (evenings++ % 20));
  await at(page, visits);
  await call(page, { moment: `${words(evening)} à 19 h 30` });
  for (const counter of ["guichet-4", "guichet-5"]) busyEvening("titres-identite", counter, iso(evening));
  await page.goto(`${titles}&jour=${iso(evening)}`);
}

const called = (options) => async (page) => { await at(page, visits); await call(page, options); };
export const states = [
  { name: "deskrdv-day-empty", open: (page) => at(page, `${planning}&jour=${iso(inDays(300))}`) },
  { name: "deskrdv-day", open: async (page) => { await called()(page); await dayOf(page); } },
  { name: "deskrdv-day-past", open: async (page) => { await called({ start: earlier(), name: "Marc Tardif" })(page); await dayOf(page); } },
  { name: "deskrdv-day-clash", open: clashing },
  { name: "deskrdv-day-wrong", status: 400, open: (page) => at(page, `${titles}&jour=32+mars`) },
  { name: "deskrdv-no-agenda-lost", status: 404, open: (page) => at(page, `${visits}?agenda=inconnu`) },
  { name: "deskrdv-lost", status: 404, open: (page) => at(page, `${visits}/${"0".repeat(32)}`) },
  { name: "deskrdv-booked", open: called() },
  { name: "deskrdv-visit", open: async (page) => { await called()(page); await page.goto(new URL(page.url()).pathname); } },
  { name: "deskrdv-move", open: async (page) => { await called()(page); await link(page, "Déplacer"); } },
  { name: "deskrdv-move-wrong", status: 400, open: async (page) => {
    await called()(page);
    await link(page, "Déplacer");
    await page.getByLabel("Un autre moment").fill("bientôt");
    await button(page, "Déplacer le rendez-vous");
  } },
  { name: "deskrdv-cancel", open: async (page) => { await called()(page); await link(page, "Annuler le rendez-vous"); } },
  { name: "deskrdv-cancelled", open: async (page) => {
    await called()(page);
    await link(page, "Annuler le rendez-vous");
    await button(page, "Annuler le rendez-vous");
  } },
  { name: "deskrdv-why", open: (page) => at(page, `${visits}/nouveau?agenda=titres-identite`) },
  { name: "deskrdv-why-wrong", status: 400, open: async (page) => { await at(page, `${visits}/nouveau?agenda=titres-identite`); await button(page, "Voir les horaires"); } },
  { name: "deskrdv-when", open: (page) => at(page, calling) },
  { name: "deskrdv-when-wrong", status: 400, open: async (page) => { await at(page, calling); await button(page, "Continuer"); } },
  { name: "deskrdv-who", open: async (page) => { await at(page, calling); await firstSlot(page).check(); await button(page, "Continuer"); } },
  { name: "deskrdv-who-wrong", status: 400, open: async (page) => {
    await at(page, calling);
    await firstSlot(page).check();
    await button(page, "Continuer");
    await button(page, "Prendre le rendez-vous");
  } },
  { name: "deskrdv-absences", open: (page) => at(page, `${visits}/absences?agenda=urbanisme`) },
  { name: "deskrdv-absences-wrong", status: 400, open: async (page) => { await at(page, `${visits}/absences?agenda=urbanisme`); await button(page, "Voir les rendez-vous à déplacer"); } },
  { name: "deskrdv-absence-sure", open: async (page) => {
    await called()(page);
    await page.goto(`${visits}/absences?agenda=titres-identite`);
    await page.getByLabel("À partir de").fill("demain");
    await page.getByLabel("Jusqu’à").fill(words(inDays(40)));
    await page.getByLabel("Raison").fill("Travaux");
    await button(page, "Voir les rendez-vous à déplacer");
  } },
  { name: "deskrdv-absence-noted", open: async (page) => {
    await at(page, `${visits}/absences?agenda=ccas-saint-aubin`);
    await page.getByLabel("À partir de").fill("demain");
    await page.getByLabel("Raison").fill("Formation");
    await button(page, "Voir les rendez-vous à déplacer");
    await button(page, "Noter l’absence");
    await page.getByRole("link", { name: "Absences" }).click();
  } },
  { name: "deskrdv-figures", open: async (page) => {
    await called({ start: earlier(), name: "Marc Tardif" })(page);
    await page.getByRole("button", { name: /^Absent/ }).click();
    await page.goto(`${visits}/chiffres?agenda=titres-identite`);
  } },
  { name: "deskrdv-figures-wrong", status: 400, open: (page) => at(page, `${visits}/chiffres?agenda=titres-identite&du=jamais`) },
];
export { bookAsCitizen, choose, list };

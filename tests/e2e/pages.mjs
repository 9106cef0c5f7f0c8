// Every page of the portal and each of its states, and how a citizen gets there.

export const commune = "/saint-aubin-sur-orle/";

export async function ask(page, question, base = commune) {
  await page.goto(base);
  await page.getByLabel("Votre question").fill(question);
  await page.getByRole("button", { name: "Demander" }).click();
}

// A conversation of its own, and what is said in it.
export async function talk(page, ...messages) {
  await page.context().clearCookies();
  await page.goto(`${commune}conversation`);
  for (const message of messages) await say(page, message);
}

export async function say(page, message) {
  await page.locator("#message").fill(message);
  await page.getByRole("button", { name: "Envoyer", exact: true }).click();
}

const at = (address) => (page) => page.goto(address);

export const states = [
  { name: "home", open: at("/") },
  { name: "home-commune", open: at(commune) },
  { name: "home-empty-question", status: 400, open: (page) => ask(page, " ") },
  { name: "themes", open: at(`${commune}themes`) },
  { name: "theme", open: at(`${commune}fiche/particuliers/N19810`) },
  { name: "dossier", open: at(`${commune}fiche/particuliers/N358`) },
  { name: "services", open: at(`${commune}services`) },
  { name: "answer", open: (page) => ask(page, "carte identité pour ma fille c quoi les papiers") },
  { name: "answer-chosen", open: async (page) => {
    await ask(page, "perte de ma carte d'identité que faire");
    await page.locator("button.choice").first().click();
  } },
  { name: "answer-local", open: (page) => ask(page, "tarif cantine scolaire") },
  { name: "answer-contact", open: (page) => ask(page, "numéro de téléphone de la mairie") },
  { name: "answer-unknown", open: (page) => ask(page, "zorglub xyzzy") },
  { name: "answer-emergency", open: (page) => ask(page, "au secours mon mari ne respire plus") },
  { name: "sheet-cases", open: at(`${commune}fiche/particuliers/F1341`) },
  { name: "sheet-open", open: async (page) => {
    await page.goto(`${commune}fiche/particuliers/F16871`);
    await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
  } },
  { name: "sheet-table", open: async (page) => {
    await page.goto(`${commune}fiche/particuliers/F1685`);
    await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
  } },
  { name: "sheet-local", open: at(`${commune}fiche/local/cantine-saint-aubin`) },
  { name: "feedback-no", open: async (page) => {
    await ask(page, "tarif cantine scolaire");
    await page.locator(".feedback summary").click();
  } },
  { name: "feedback-without-reason", status: 400, open: async (page) => {
    await ask(page, "tarif cantine scolaire");
    await page.locator(".feedback summary").click();
    await page.getByRole("button", { name: "Envoyer mon avis" }).click();
  } },
  { name: "feedback-thanks", open: at(`${commune}avis`) },
  { name: "talk-start", open: (page) => talk(page) },
  { name: "talk-answer", cookie: true, open: (page) => talk(page, "bonjour", "carte identité pour ma fille c quoi les papiers") },
  { name: "talk-choices", cookie: true, open: (page) => talk(page, "perte de ma carte d'identité que faire") },
  { name: "talk-chosen", cookie: true, open: async (page) => {
    await talk(page, "perte de ma carte d'identité que faire");
    await page.locator("li button.choice").first().click();
  } },
  { name: "talk-parts", cookie: true, open: async (page) => {
    await talk(page, "tarif cantine scolaire");
    await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
  } },
  { name: "talk-person", cookie: true, open: async (page) => {
    await talk(page);
    await page.getByRole("button", { name: "Parler à quelqu’un" }).first().click();
  } },
  { name: "talk-unknown", cookie: true, open: (page) => talk(page, "zorglub xyzzy") },
  { name: "talk-emergency", cookie: true, open: (page) => talk(page, "au secours mon mari ne respire plus") },
  { name: "talk-masked", cookie: true, open: (page) => talk(page, "mon numéro de sécu est 1 85 05 78 006 084 91, je veux une carte d'identité") },
  { name: "talk-arabic", cookie: true, open: (page) => talk(page, "كيف أحصل على بطاقة الهوية الوطنية") },
  { name: "talk-empty", status: 400, open: (page) => talk(page, " ") },
  { name: "talk-long", status: 413, cookie: true, open: (page) => talk(page, "tarif cantine scolaire", "mot ".repeat(2100)) },
  { name: "talk-lost", status: 404, open: async (page) => {
    await talk(page, "bonjour");
    await page.context().clearCookies();
    await page.waitForURL(/suite/);
    await page.goto(page.url().split("#")[0]);
  } },
  { name: "talk-judged", cookie: true, open: async (page) => {
    await talk(page, "tarif cantine scolaire");
    await page.getByRole("button", { name: "Oui", exact: true }).click();
  } },
  { name: "talk-without-reason", status: 400, cookie: true, open: async (page) => {
    await talk(page, "tarif cantine scolaire");
    await page.locator(".feedback summary").click();
    await page.getByRole("button", { name: "Envoyer mon avis" }).click();
  } },
  { name: "talk-erase", cookie: true, open: async (page) => {
    await talk(page, "bonjour");
    await page.getByRole("link", { name: "Effacer la conversation" }).click();
  } },
  { name: "talk-erased", open: at(`${commune}conversation/effacee`) },
  { name: "error-missing", status: 404, open: at(`${commune}fiche/particuliers/F999999`) },
  { name: "error-long", status: 413, open: async (page) => {
    await page.goto(commune);
    await page.locator("#q").evaluate((field) => field.removeAttribute("maxlength"));
    await page.locator("#q").fill("mot ".repeat(3000));
    await page.getByRole("button", { name: "Demander" }).click();
  } },
];

// An appointment by conversation alone, in a real browser: by keyboard, without JavaScript, from the home page:
// booked, moved, cancelled.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { commune } from "./pages.mjs";
import { startBrowser, startServer } from "./support.mjs";
import { judge, tabTo, visit } from "./visit.mjs";

let server, chrome;
before(async () => {
  server = await startServer();
  chrome = await startBrowser();
});
after(async () => {
  await chrome?.stop();
  await server?.stop();
});
const quiet = { javaScriptEnabled: false };

async function open(page, words) {
  await page.goto(`${commune}conversation`);
  await say(page, words);
}
async function say(page, words) {
  await tabTo(page, "#message");
  await page.keyboard.type(words);
  await page.keyboard.press("Tab");
  const before = page.url();
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.href !== before);  // each answer has an anchor of its own
}
// The choice of the last answer at a place, by keyboard.
async function press(page, place = 0) {
  const button = page.locator(".turn--bot").last().locator(".choices button").nth(place);
  await button.focus();
  const before = page.url();
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.href !== before);
}
const last = (page) => page.locator(".turn--bot").last();
const said = (page) => last(page).locator(".says").textContent();

test("booked, moved and cancelled by conversation and keyboard alone", async () => {
  const { page, close } = await visit(chrome, server, quiet);
  await open(page, "je veux un rdv pour refaire ma carte d’identité");
  assert.match(await said(page), /20 minutes.*Une photo d’identité.*premiers horaires libres/s);
  assert.equal(await last(page).locator(".choices button").count(), 4);
  await press(page);
  assert.match(await said(page), /Je vous garde .* pendant 10 minutes/);
  for (const words of ["Zoé Lambert", "passer", "zoe.lambert@example.org"]) await say(page, words);
  assert.match(await said(page), /Vérifiez.*Zoé Lambert.*z…@example.org/s);
  await press(page);
  assert.match(await said(page), /C’est confirmé.*3, place du Parvis.*Une photo d’identité/s);
  await say(page, "décaler à jeudi après-midi");
  await press(page);
  assert.match(await said(page), /C’est déplacé.*jeudi/s);
  await say(page, "je ne peux plus venir");
  assert.match(await said(page), /Voulez-vous annuler/);
  await say(page, "oui");
  assert.match(await said(page), /C’est annulé/);
  await close("conversation");
});

test("its states are sound, and the page of slots is one link away", async () => {
  const { page, close } = await visit(chrome, server, { reducedMotion: "reduce" });
  await open(page, "rdv passeport");
  await judge(page, "chat-rdv-slots");
  const link = last(page).getByRole("link", { name: "Voir tous les horaires" });
  assert.match(await link.getAttribute("href"), /rendez-vous\/choisir\/titres-identite\/passeport$/);
  await say(page, "le 25 décembre");
  assert.match(await said(page), /Noël/);
  await judge(page, "chat-rdv-closed");
  await say(page, "le premier");
  await judge(page, "chat-rdv-held");
  await say(page, "stop");
  assert.match(await said(page), /Aucun rendez-vous n’est pris/);
  await close("conversation");
});

test("the waiting list is entered by conversation and keyboard, and left by its link", async () => {
  const { page, close } = await visit(chrome, server, { reducedMotion: "reduce" });  // axe runs in the page
  await open(page, "rdv passeport");
  await say(page, "non, rien ne me convient");
  await press(page, 4);
  assert.match(await said(page), /Quels jours, et à quel moment/);
  await judge(page, "chat-list-days");
  await say(page, "mardi ou jeudi, le matin");
  for (const words of ["Zoé Lambert", "passer", "zoe.lambert@example.org"]) await say(page, words);
  assert.match(await said(page), /Vérifiez votre inscription.*mardi ou jeudi, le matin.*Zoé Lambert/s);
  await say(page, "oui");
  assert.match(await said(page), /vous êtes sur la liste d’attente.*2 heures, ou jusqu’au matin/s);
  await judge(page, "chat-list-entered");
  await last(page).getByRole("link", { name: "Votre page de la liste d’attente" }).click();
  await page.getByRole("button", { name: "Ouvrir mon rendez-vous" }).click();
  await page.getByRole("button", { name: "Quitter la liste" }).click();
  assert.equal(await page.locator("h1").textContent(), "Vous n’êtes plus sur la liste d’attente");
  await close("attente", "conversation");
});

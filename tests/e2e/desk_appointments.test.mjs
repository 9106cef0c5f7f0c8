// Appointments at the desk in a real browser, without JavaScript where a person works: citizens and agents at once.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { awa, claire, jean, signIn } from "./desk.mjs";
import { bookAsCitizen, call, calling, clashing, dayOf, earlier, firstSlot, list, states, visits } from "./desk_appointments.mjs";
import { password, startBrowser, startServer } from "./support.mjs";
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
const fresh = (options, expected) => visit(chrome, server, options, expected);
const quiet = { javaScriptEnabled: false };
const enter = (page) => page.keyboard.press("Enter");
const button = (page, name) => page.getByRole("button", { name, exact: true }).click();
const line = (page, name) => page.locator(".visit", { hasText: name });

test("an appointment within a busy time is told on its day, and leads to where it is moved", async () => {
  const { page, close } = await fresh(quiet);
  await clashing(page);
  const notice = page.locator(".notice--alert");
  assert.match(await notice.textContent(), /1 rendez-vous tombe quand ce guichet est occupé/);
  await notice.getByRole("link").click();
  await page.getByRole("link", { name: "Déplacer", exact: true }).click();
  await firstSlot(page).check();
  await button(page, "Déplacer le rendez-vous");
  await page.waitForURL("**fait=deplace*");
  await page.goto("/bureau/rendez-vous?agenda=titres-identite");
  assert.equal(await notice.count(), 0);
  await close("bureau");
});

test("a citizen books, the agent checks them in by keyboard alone", async () => {
  const citizen = await fresh(quiet);
  await bookAsCitizen(citizen.page, `${list}/choisir/urbanisme/conseil-telephone`);
  const own = new URL(citizen.page.url()).pathname.split("/").pop();
  const { page, close } = await fresh(quiet);
  await page.goto("/bureau");
  await tabTo(page, "#login");
  await page.keyboard.type(jean.login);
  await tabTo(page, "#password");
  await page.keyboard.type(password);
  await enter(page);
  await page.waitForURL("**/bureau/dossiers#contenu");
  await tabTo(page, "a[href='/bureau/rendez-vous']");
  await enter(page);
  await page.waitForURL("**/bureau/rendez-vous");
  assert.equal(await page.locator(".rail [aria-current=page]").textContent(), "Rendez-vous");
  // Day after day until somebody comes.
  for (let day = 0; day < 20 && (await line(page, "Zoé Lambert").count()) === 0; ++day) {
    await tabTo(page, "nav[aria-label=Jours] a:last-child");
    const before = page.url();
    await enter(page);
    await page.waitForURL((url) => String(url) !== before);
  }
  const zoe = page.locator(`#rdv-${own}`);
  assert.match(await zoe.textContent(), /1 personne, par téléphone.*Attendu|Attendu.*1 personne, par téléphone/s);
  await tabTo(page, `#rdv-${own} .acts .btn`);
  await enter(page);
  await page.waitForURL("**fait=arrive*");
  assert.match(await page.getByRole("status").textContent(), /arrivée/);
  assert.match(await zoe.textContent(), /Arrivé/);
  await tabTo(page, `#rdv-${own} .acts .btn`);
  await enter(page);
  await page.waitForURL("**fait=recu*");
  assert.equal(await zoe.getByRole("button").count(), 0);
  await citizen.page.reload();
  assert.equal(await citizen.page.locator("h1").textContent(), "Vous êtes venu à ce rendez-vous");
  await citizen.close("rendez-vous");
  await close("bureau");
});

test("who did not come is absent, counted, and can be undone", async () => {
  const { page, close } = await fresh(quiet);
  await signIn(page, awa);
  await call(page, { name: "Marc Tardif", start: earlier() });
  await dayOf(page);
  await line(page, "Marc Tardif").getByRole("button", { name: /^Absent/ }).click();
  assert.match(await line(page, "Marc Tardif").textContent(), /Absent/);
  const day = page.url();
  await page.getByRole("link", { name: "Chiffres" }).click();
  assert.match(await page.locator("tbody").textContent(), /Demander une carte d’identité.*100\u00a0%/s);
  await page.goto(day);
  await line(page, "Marc Tardif").getByRole("button", { name: /^Revenir/ }).click();
  assert.match(await line(page, "Marc Tardif").textContent(), /Attendu/);
  await close("bureau");
});

test("an absence is seen before it is noted, and the citizen reads the apology", async () => {
  const citizen = await fresh(quiet);
  await bookAsCitizen(citizen.page, `${list}/choisir/urbanisme/architecte`);
  const { page, close } = await fresh(quiet);
  await signIn(page, jean);
  await page.goto(`${visits}/absences?agenda=urbanisme`);
  await page.getByLabel("Qui est absent").selectOption("architecte");
  await page.getByLabel("À partir de").fill("demain");
  await page.getByLabel("Jusqu’à").fill("dans 59 jours");
  await page.getByLabel("Raison").fill("Congé");
  await button(page, "Voir les rendez-vous à déplacer");
  assert.match(await page.locator("main").textContent(), /1 rendez-vous à déplacer.*Zoé Lambert/s);
  await button(page, "Noter l’absence et prévenir");
  await page.waitForURL("**fait=absence*");
  await citizen.page.reload();
  assert.equal(await citizen.page.locator("h1").textContent(), "Votre rendez-vous doit changer");
  assert.match(await citizen.page.locator("main").textContent(), /Nous sommes désolés/);
  await page.goto(`${visits}/absences?agenda=urbanisme`);
  await page.getByRole("button", { name: /^Terminer cette absence/ }).click();
  await page.waitForURL("**fait=fin*");
  assert.match(await page.locator("main").textContent(), /Aucune absence notée/);
  await citizen.close("rendez-vous");
  await close("bureau");
});

test("two agents, one slot: the second is told, with the next ones, and types nothing again", async () => {
  const one = await fresh(quiet, [200, 304, 409]);
  const two = await fresh(quiet, [200, 304, 400, 409]);
  const who = async (page, name) => {
    await page.getByLabel("Prénom et nom").fill(name);
    await page.getByLabel("Téléphone", { exact: true }).fill("06 12 34 56 78");
  };
  await signIn(one.page, awa);
  await signIn(two.page, awa);
  await two.page.goto(calling.replace("carte-identite", "les-deux"));
  await firstSlot(two.page).check();
  await button(two.page, "Continuer");
  await who(two.page, "Léa Seconde");
  // Every counter that is open then is taken.
  for (let free = true; free;) {
    await one.page.goto(two.page.url());
    await who(one.page, "Léa Première");
    await button(one.page, "Prendre le rendez-vous");
    await one.page.locator(".say, [role=alert]").first().waitFor();
    free = one.page.url().includes("fait=pris");
  }
  await button(two.page, "Prendre le rendez-vous");
  assert.match(await two.page.getByRole("alert").textContent(), /n’est plus libre.*les plus proches/s);
  assert.equal(await two.page.getByLabel("Prénom et nom").inputValue(), "Léa Seconde");
  // Sent without another one: nothing is typed again.
  await button(two.page, "Prendre le rendez-vous");
  assert.match(await two.page.locator("#erreurs").textContent(), /Choisissez un horaire/);
  assert.equal(await two.page.getByLabel("Prénom et nom").inputValue(), "Léa Seconde");
  await two.page.locator("input[name=debut]").first().check();
  await button(two.page, "Prendre le rendez-vous");
  await two.page.waitForURL("**?fait=pris*");
  assert.match(await two.page.locator(".say").textContent(), /Votre rendez-vous est pris.*Une photo|Votre rendez-vous est pris.*Deux photos/s);
  await one.close("bureau");
  await two.close("bureau");
});

test("booked for who calls by a double click: one appointment; moved outside of hours", async () => {
  const { page, close } = await fresh();
  await signIn(page, awa);
  await page.goto(calling);
  await firstSlot(page).check();
  await button(page, "Continuer");
  await page.getByLabel("Prénom et nom").fill("Ève Double");
  await page.getByLabel("Téléphone", { exact: true }).fill("06 12 34 56 78");
  await page.getByRole("button", { name: "Prendre le rendez-vous" }).dblclick();
  await page.waitForURL("**?fait=pris*");
  const own = new URL(page.url()).pathname;
  await dayOf(page);
  assert.equal(await line(page, "Ève Double").count(), 1);
  await page.goto(`${own}/deplacer`);
  await page.getByLabel("Un autre moment").fill("demain à 20 h");
  await button(page, "Déplacer le rendez-vous");
  await page.waitForURL("**fait=deplace*");
  assert.match(await page.locator(".facts").textContent(), /20\s*h/);
  await close("bureau");
});

test("an appointment of another service is the page of one that does not exist", async () => {
  const citizen = await fresh(quiet);
  await bookAsCitizen(citizen.page, `${list}/choisir/urbanisme/autorisation-locale`);
  const own = new URL(citizen.page.url()).pathname.split("/").pop();
  const { page, close } = await fresh(quiet, [200, 304, 404]);
  await signIn(page, claire);
  const bodies = [];
  for (const id of [own, "0".repeat(32)]) {
    assert.equal((await page.goto(`${visits}/${id}`)).status(), 404);
    bodies.push(await page.locator("body").innerHTML());
  }
  assert.equal(bodies[0], bodies[1]);
  await citizen.close("rendez-vous");
  await close("bureau");
});

describe("every page and state of appointments at the desk", () => {
  for (const state of states)
    test(state.name, async () => {
      const { page, close } = await fresh({ reducedMotion: "reduce" }, [200, 304, state.status ?? 200]);
      await state.open(page);
      await judge(page, state.name);
      await close("bureau");
    });
});

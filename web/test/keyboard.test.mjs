// One conversation with the keyboard alone, in a panel beside somebody else's page. At each stop the
// focus is where one expects it, has a ring, is inside the window and is not covered.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { startHost, Town } from "./server.mjs";
import { kPage, openChat, openRoots, sayAndRead, say, startBrowser, until } from "./support.mjs";

const web = path.join(import.meta.dirname, "..");
let chrome, town, host, context, page;
before(async () => {
  execFileSync(process.execPath, ["build.mjs"], { cwd: web });
  chrome = await startBrowser();
});
after(() => chrome?.stop());
beforeEach(async () => {
  town = await new Town().start();
  host = await startHost(town.url);
  context = await chrome.browser.newContext({ viewport: { width: 1000, height: 700 }, reducedMotion: "reduce" });
  await context.route(/^https:/, (route) => route.fulfill({ body: "une fiche" }));
  page = await context.newPage();
  page.setDefaultTimeout(120_000);
});
afterEach(async () => {
  await context.close();
  await host.stop();
  await town.stop();
});

// What has the focus, as seen.
const focusOf = (frame) => frame.evaluate(() => {
  let element = document.activeElement;
  while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  let front = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20));
  while (front?.shadowRoot) front = front.shadowRoot.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20));
  return {
    tag: element.localName, name: (element.getAttribute("aria-label") ?? element.textContent).trim(), id: element.id,
    nowhere: element === document.body || element === document.documentElement,
    ring: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    inside: box.top >= -1 && Math.min(box.bottom, box.top + 44) <= innerHeight + 1,
    front: element.contains(front) || !!front?.contains(element),
  };
});

async function seen(frame, what) {
  const focus = await focusOf(frame);
  assert.ok(!focus.nowhere, `${what}: the focus is lost`);
  if (focus.tag !== "iframe")
    assert.ok(focus.ring >= 1 && focus.inside && focus.front, `${what}: ${JSON.stringify(focus)}`);
  return focus;
}

// Tab until the wanted name; each stop on the way is seen.
async function tabTo(frame, wanted, key = "Tab") {
  const passed = [];
  for (let stops = 0; stops < 60; ++stops) {
    await page.keyboard.press(key);
    if ((await focusOf(frame)).nowhere) continue;  // the page around has it
    const focus = await seen(frame, `on the way to ${wanted}`);
    passed.push(focus.name.slice(0, 30));
    if (wanted.test(focus.name) || wanted.test(`#${focus.id}`)) return;
  }
  assert.fail(`${wanted} is not reached by ${key}: ${passed.join(" · ")}`);
}

async function focusComes(frame, name, what) {
  await until(async () => {
    const focus = await focusOf(frame);
    return name.test(focus.name) || name.test(`#${focus.id}`);
  }, what);
  await seen(frame, what);
}

test("open, type, choose, follow a source, download, print, erase, close", async () => {
  await page.addInitScript(openRoots);
  await page.goto(`${host.url}/strict`);
  await page.getByRole("button", { name: "Une question ?" }).waitFor();
  await tabTo(page, /Une question/);
  await page.keyboard.press("Enter");
  const chat = page.frameLocator("iframe");
  await chat.getByText("Saint-Aubin-sur-Orle", { exact: true }).waitFor();
  const frame = page.frames().find((each) => each.url().includes("/widget/"));
  await focusComes(frame, /^#words$/, "opened: where one writes");

  await page.keyboard.type("papiers pour un passeport");
  await page.keyboard.press("Enter");
  await chat.getByRole("button", { name: "Pour un adulte" }).waitFor();
  await focusComes(frame, /^#words$/, "sent: still where one writes");
  await tabTo(frame, /^Pour un mineur$/, "Shift+Tab");
  await tabTo(frame, /^Pour un adulte$/, "Shift+Tab");
  await page.keyboard.press("Enter");
  await chat.getByText("suivez ces étapes").waitFor();
  await focusComes(frame, /^#words$/, "chosen: where one writes");

  await tabTo(frame, /^Carte d'identité.*2020/, "Shift+Tab");
  const [sheet] = await Promise.all([context.waitForEvent("page"), page.keyboard.press("Enter")]);
  await until(() => sheet.url().startsWith("https://"), "the source is followed");
  await sheet.close();
  await page.bringToFront();
  await focusComes(frame, /^Carte d'identité/, "back from the source: the source");
  await chat.getByText("suivez ces étapes").waitFor();

  await tabTo(frame, /^Options de la conversation$/, "Shift+Tab");
  await page.keyboard.press("Space");
  await tabTo(frame, /^Télécharger le texte$/);
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  assert.equal(download.suggestedFilename(), "conversation.txt");
  await focusComes(frame, /^Options/, "downloaded: the menu");
  await frame.evaluate(() => { window.print = () => { window.printed = true; }; });
  await page.keyboard.press("Enter");
  await tabTo(frame, /^Imprimer$/);
  await page.keyboard.press("Enter");
  assert.ok(await frame.evaluate(() => window.printed));
  await focusComes(frame, /^Options/, "printed: the menu");

  await page.keyboard.press("Enter");
  await tabTo(frame, /^Effacer la conversation$/);
  await page.keyboard.press("Enter");
  await focusComes(frame, /^Garder$/, "asked: what keeps");
  await page.keyboard.press("Enter");
  await focusComes(frame, /^Options/, "kept: the menu");
  assert.equal(town.conversations.size, 1);
  await page.keyboard.press("Enter");
  await tabTo(frame, /^Effacer la conversation$/);
  await page.keyboard.press("Enter");
  await focusComes(frame, /^Garder$/, "asked again");
  await tabTo(frame, /^Effacer$/);
  await page.keyboard.press("Enter");
  await chat.getByText("La conversation est effacée.").waitFor();
  assert.equal(town.conversations.size, 0);
  await focusComes(frame, /^Agglomération/, "erased: the top of the panel, and it shows");

  await tabTo(frame, /^Réduire la fenêtre$/);
  await page.keyboard.press("Enter");
  await focusComes(page, /Une question/, "closed: the button that opens");
  await page.keyboard.press("Enter");
  await focusComes(frame, /^#words$/, "opened again");
  await page.keyboard.press("Escape");
  await focusComes(page, /Une question/, "closed by Escape");
});

test("an example, a message that is refused, a part, a verdict: the focus is never lost", async () => {
  await openChat(page, town);
  await tabTo(page, /^J’ai perdu ma carte/);
  await page.keyboard.press("Enter");
  await page.locator("[data-seq]").first().waitFor();
  await focusComes(page, /^#words$/, "the examples are gone: where one writes");
  await tabTo(page, /^Délai/, "Shift+Tab");
  await page.keyboard.press("Enter");
  assert.ok(await page.evaluate(() => document.activeElement.parentElement.open));
  await seen(page, "unfolded");
  await tabTo(page, /^Non$/);
  await page.keyboard.press("Enter");
  await focusComes(page, /^Que lui manque/, "why: the question");
  await tabTo(page, /^Elle est fausse$/);
  await page.keyboard.press("Enter");
  await focusComes(page, /^Merci/, "judged: the thanks");

  for (const button of [/^Réessayer$/, /^Supprimer$/]) {
    town.fail(/POST .*messages/, { status: 422 });
    if (String(button).includes("Supp")) {
      await page.locator("#words").focus();
      await page.keyboard.type("encore un");
      await page.keyboard.press("Enter");
    } else await say(page, "horaires");
    await page.getByText("n’est pas parti.").first().waitFor();
    assert.match(await page.locator(".foot [role=status]").textContent(), /n’est pas parti/, "it is announced");
    await tabTo(page, button, "Shift+Tab");
    await page.keyboard.press("Enter");
    await focusComes(page, /^#words$/, "the message's buttons are gone");
    await until(async () => (await page.locator(".m--kept").count()) === 0);
  }
});

test("what comes while one reads further up is told, not jumped to", async () => {
  await page.setViewportSize({ width: 360, height: 560 });
  await openChat(page, town);
  await sayAndRead(page, "horaires de la mairie");
  const news = page.getByRole("button", { name: "Nouveau message" });
  assert.equal(await news.count(), 0);
  const top = () => page.locator(".log").evaluate((log) => log.scrollTop);
  const before = await top();
  const [conversation] = town.conversations.values();
  town.push(conversation, "agent", { text: "Bonjour, ici la mairie." });
  await news.waitFor();
  await page.setViewportSize({ width: 360, height: 1200 });
  await news.waitFor({ state: "detached" });  // a larger window shows it
  await page.setViewportSize({ width: 360, height: 560 });
  await page.locator(".log").evaluate((log, top) => { log.scrollTop = top; }, before);
  town.push(conversation, "agent", { text: "Vous pouvez venir demain." });
  await news.waitFor();
  assert.equal(await top(), before, "who reads is left there");
  await tabTo(page, /^Nouveau message$/, "Shift+Tab");
  await page.keyboard.press("Enter");
  await focusComes(page, /venir demain/, "the new message has the focus");
  assert.equal(await news.count(), 0);
  town.push(conversation, "agent", { text: "Êtes-vous là ?" });
  await page.getByText("Êtes-vous là").waitFor();
  assert.equal(await news.count(), 0, "at the end of the conversation, it is in sight");
});

test("on a phone nothing brings up the keys but the field", async () => {
  const phone = await chrome.browser.newContext({ viewport: { width: 375, height: 667 }, hasTouch: true, isMobile: true });
  const page = await phone.newPage();
  await page.goto(town.url + kPage);
  await page.locator('.log[aria-busy="false"]').waitFor();
  const writing = () => page.evaluate(() => document.activeElement.id === "words");
  assert.equal(await writing(), false, "opened");
  await page.getByRole("button", { name: "Les horaires de la mairie" }).tap();
  await page.locator("[data-seq]").first().waitFor();
  assert.equal(await writing(), false, "an example was pressed");
  assert.equal(await page.evaluate(() => document.activeElement.className), "log");
  await page.locator("#words").fill("papiers pour un passeport");
  await page.getByRole("button", { name: "Envoyer" }).tap();
  await page.getByRole("button", { name: "Pour un adulte" }).tap();
  await page.getByText("suivez ces étapes").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Pour un adulte", "the choice keeps the focus");
  await phone.close();
});

// The widget in a real browser, on other people's pages and as a page of its own.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { frameCsp, startHost, Town } from "./server.mjs";
import { states } from "./states.mjs";
import { axe, kPage, openChat, openRoots, say, sayAndRead, startBrowser, until } from "./support.mjs";

const web = path.join(import.meta.dirname, "..");
let chrome, town, contexts;
before(async () => {
  execFileSync(process.execPath, ["build.mjs"], { cwd: web });
  chrome = await startBrowser();
});
after(() => chrome?.stop());
beforeEach(async () => {
  town = await new Town().start();
  contexts = [];
});
afterEach(async () => {
  for (const each of contexts) await each.close();
  await town.stop();
});

// A page of its own, and what it did that it must not: an error, another host, a cookie.
async function fresh(options = {}, hosts = []) {
  const context = await chrome.browser.newContext(options);
  contexts.push(context);
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);  // a machine that builds at the same time
  const faults = [];
  const requests = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !/Failed to load resource/.test(message.text())) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("request", (request) => {
    requests.push(request.url());
    const { origin, protocol } = new URL(request.url());
    if (protocol === "http:" && ![town.url, ...hosts].includes(origin)) faults.push(`asks another host: ${request.url()}`);
  });
  return { context, page, requests, async good() {
    assert.deepEqual(faults, []);
    assert.deepEqual(await context.cookies(), []);
  } };
}

// All rules the first time; then those that a theme or a width can change.
async function violations(page) {
  const options = { resultTypes: ["violations"] };
  if (await page.evaluate(() => "axe" in window)) options.runOnly = ["color-contrast", "target-size", "scrollable-region-focusable"];
  else await page.evaluate(axe.source);
  const found = await page.evaluate((wanted) => window.axe.run(document, wanted), options);
  return found.violations.map((rule) => `${rule.id}: ${rule.nodes.slice(0, 3).map((node) => `${node.target} ${node.any[0]?.message ?? ""}`).join(" | ")}`);
}

describe("every state", () => {
  let context, page;
  before(async () => {  // one page for all: each state has a town of its own, so an origin of its own
    context = await chrome.browser.newContext({ reducedMotion: "reduce" });
    page = await context.newPage();
    page.setDefaultTimeout(120_000);
  });
  after(() => context.close());

  for (const state of states)
    test(state.name, async () => {
      await context.setOffline(false);
      await page.setViewportSize({ width: 320, height: 640 });
      await openChat(page, town);
      await state.open(page, town);
      for (const colorScheme of ["light", "dark"])
        for (const [width, height] of [[320, 256], [320, 640], [1280, 900]]) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize({ width, height });
          const where = `${state.name}, ${colorScheme}, ${width} × ${height}`;
          if (height > 300) assert.deepEqual(await violations(page), [], where);
          if (height > 300) assert.ok(await page.getByRole("button", { name: "Parler à quelqu’un", includeHidden: true }).isVisible(), `${where}: a person`);
          const wide = await page.evaluate(() => [document.scrollingElement, document.querySelector(".log")]
            .map((each) => each.scrollWidth - each.clientWidth));
          assert.ok(Math.max(...wide) <= 0, `${where}: scrolls sideways by ${wide} px`);
        }
    });

  test("with a pale and a dark accent, in forced colours", async () => {
    for (const accent of ["#f6e05e", "#120458"]) {
      town.config = { ...town.config, accent };
      const { page } = await fresh({ reducedMotion: "reduce" });
      await openChat(page, town);
      await sayAndRead(page, "papiers pour un passeport");
      for (const media of [{ colorScheme: "light" }, { colorScheme: "dark" }]) {
        await page.emulateMedia(media);
        assert.deepEqual(await violations(page), [], `${accent} ${JSON.stringify(media)}`);
      }
      // The device's colours, which axe does not know: what is chosen, open and pressed keeps an edge.
      await page.emulateMedia({ forcedColors: "active" });
      const edges = await page.locator(".choice, .btn, .m--me, .chat").evaluateAll((all) => all.map((each) => getComputedStyle(each).borderBlockStartWidth));
      assert.ok(edges.length >= 5 && edges.every((each) => parseFloat(each) >= 1), String(edges));
    }
  });

  test("less motion when the device asks for it", async () => {
    for (const [reducedMotion, moves] of [["no-preference", true], ["reduce", false]]) {
      const { page } = await fresh({ reducedMotion });
      await openChat(page, town);
      town.fail(/POST .*messages/, { hold: new Promise(() => {}) });
      await say(page, "horaires");
      await page.locator(".dots").waitFor();
      assert.equal(await page.evaluate(() => document.getAnimations().length > 0), moves, reducedMotion);
    }
  });

  test("a question has its choices right under it; an answer in Arabic leaves French its direction", async () => {
    const { page } = await fresh();
    await openChat(page, town);
    await sayAndRead(page, "papiers pour un passeport");
    assert.ok(await page.locator("[data-seq] .stack > .choices").evaluate((choices) => choices.previousElementSibling.textContent.trim().endsWith("?")));
    await sayAndRead(page, "سلام");
    const arabic = page.locator("[data-seq]").last();
    const turns = await arabic.locator("summary").evaluateAll((all) => all.map((each) => getComputedStyle(each, "::before").rotate));
    assert.ok(turns.length > 0 && turns.every((each) => each === "-45deg"), `chevrons of a French card: ${turns}`);
    assert.deepEqual(await arabic.locator(".meta").evaluateAll((all) => all.map((each) => getComputedStyle(each).direction)), ["ltr", "ltr"]);
  });

  test("the town's name and welcome; its colour only when it is one", async () => {
    town.config = { ...town.config, town: "Ville de Sarlande", commune_name: "", accent: "red;}", welcome: "Bienvenue. Écrivez votre question.",
      open: false, open_words: "Fermé. Ouvre lundi à 8 h 30" };
    const { page } = await fresh();
    await page.goto(town.url + kPage);
    await page.getByRole("heading", { name: "Ville de Sarlande" }).waitFor();
    assert.equal(await page.locator("#hello").textContent(), "Bonjour. Je suis un assistant automatique.");
    await page.getByText("Bienvenue. Écrivez votre question.").waitFor();
    assert.equal(await page.locator(".human .lamp--off").textContent(), "Fermé. Ouvre lundi à 8 h 30");
    assert.equal(await page.title(), "Assistant automatique, Ville de Sarlande");
    assert.equal(await page.evaluate(() => document.documentElement.style.getPropertyValue("--tenant")), "");
  });
});

describe("on other people's pages", () => {
  let host;
  beforeEach(async () => { host = await startHost(town.url); });
  afterEach(() => host.stop());

  const launch = (page) => page.getByRole("button", { name: "Une question ?" });

  for (const name of ["plain", "strict", "aggressive"])
    test(name, async () => {
      const { page, requests, good, context } = await fresh({ viewport: { width: 1000, height: 800 } }, [host.url]);
      await page.addInitScript(openRoots);
      await page.addInitScript(() => {
        window.shift = 0;
        new PerformanceObserver((list) => { for (const each of list.getEntries()) window.shift += each.value; })
          .observe({ type: "layout-shift", buffered: true });
      });
      await page.goto(`${host.url}/${name}`);
      await launch(page).waitFor();
      assert.deepEqual(requests.map((each) => new URL(each).pathname).filter((each) => each !== "image/x-icon" && each !== ","), [`/${name}`, "/widget.js"],
        "nothing is asked before it is used");
      const box = await launch(page).boundingBox();
      assert.ok(box.height >= 44 && box.width >= 150, JSON.stringify(box));
      assert.ok(box.x >= 0 && box.x + box.width <= 1000 && box.y + box.height <= 800, "in sight");
      if (name !== "aggressive") assert.deepEqual((await violations(page)).filter((each) => /parvis-chat/.test(each)), []);

      await launch(page).click();
      const chat = page.frameLocator("iframe");
      await chat.getByText("Bonjour. Je suis l’assistant automatique").waitFor();
      const panel = await page.locator("iframe").boundingBox();
      assert.ok(panel.width >= 380 && panel.height >= 600, JSON.stringify(panel));
      const frame = page.frames().find((each) => each.url().includes("/widget/"));
      const kept = () => frame.evaluate(() => Object.keys(localStorage).length + Object.keys(sessionStorage).length);
      assert.equal(await kept(), 0, "nothing is kept before the first message");
      await chat.getByLabel("Votre message").fill("horaires de la mairie");
      await chat.getByRole("button", { name: "Envoyer" }).click();
      await chat.getByRole("link", { name: /02 61 91 24 00/ }).first().waitFor();
      assert.ok(await kept() > 0);

      await chat.getByRole("button", { name: "Réduire la fenêtre" }).click();
      await launch(page).waitFor();
      assert.equal(await page.evaluate(() => document.activeElement.localName), "parvis-chat", "focus comes back");
      await until(() => town.streams === 0, "a closed panel holds no stream");
      await page.keyboard.press("Enter");
      await chat.getByText("Ouverte jusqu’à 17 h 30").first().waitFor();
      await until(() => town.streams === 1);
      assert.equal(await page.evaluate(() => window.shift), 0, "nothing moves");
      for (const [where, file] of [[page, "widget.js"], [frame, "app.js"]])
        assert.equal(await where.evaluate((file) => performance.getEntriesByType("resource").find((each) => each.name.endsWith(file)).renderBlockingStatus, file),
          "non-blocking", file);
      assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
      assert.equal((await context.pages()).length, 1);
      await good();
    });

  test("the button is legible whatever its colour, and there when it is none", async () => {
    const { page } = await fresh({}, [host.url]);
    await page.addInitScript(openRoots);
    const worn = async (accent) => {
      await page.goto(`${host.url}/bare`);
      await page.evaluate(({ src, accent }) => {
        const tag = document.createElement("script");
        Object.assign(tag, { src, async: true }).dataset.accent = accent;
        document.head.append(tag);
      }, { src: `${town.url}/widget.js`, accent });
      await launch(page).waitFor();
      return page.evaluate(() => {
        const style = getComputedStyle(document.querySelector("parvis-chat").shadowRoot.querySelector(".b"));
        const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
        const [back, ink] = [style.backgroundColor, style.color].map((colour) => {
          canvas.clearRect(0, 0, 1, 1);
          canvas.fillStyle = colour;
          canvas.fillRect(0, 0, 1, 1);
          return [...canvas.getImageData(0, 0, 1, 1).data];
        });
        const light = (rgb) => [0.2126, 0.7152, 0.0722].reduce((sum, share, at) => {
          const c = rgb[at] / 255;
          return sum + share * (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        }, 0);
        const [high, low] = [light(back), light(ink)].sort((a, b) => b - a);
        return { back: back.join(), contrast: (high + 0.05) / (low + 0.05) };
      });
    };
    for (const accent of ["#ffffff", "#000000", "#f6e05e", "#120458", "#767676", "#808080", "#ff0000", "#00aa00", "#0b5563"]) {
      const { contrast } = await worn(accent);
      assert.ok(contrast >= 4.5, `${accent}: ${contrast}`);
    }
    for (const none of ["bleu mairie", "", "url(x)"]) assert.equal((await worn(none)).back, "11,85,99,255", none);
  });

  test("the page sees no inside, and two tags make one button", async () => {
    const { page } = await fresh({}, [host.url]);
    await page.goto(`${host.url}/plain`);
    await page.locator("parvis-chat").waitFor({ state: "attached" });
    assert.equal(await page.evaluate(() => document.querySelector("parvis-chat").shadowRoot), null);
    await page.addScriptTag({ url: `${town.url}/widget.js` });
    assert.equal(await page.locator("parvis-chat").count(), 1);
    assert.deepEqual(await page.evaluate(() => Object.keys(window).filter((each) => /parvis/i.test(each))), []);
  });

  test("messages of others are not heard", async () => {
    const { page } = await fresh({}, [host.url]);
    await page.addInitScript(openRoots);
    await page.goto(`${host.url}/plain`);
    await launch(page).click();
    await page.frameLocator("iframe").getByLabel("Votre message").waitFor();
    await until(() => page.evaluate(() => document.querySelector("parvis-chat").shadowRoot.querySelector("dialog").className === "r"));
    await page.evaluate(() => new Promise((resolve) => {
      addEventListener("message", resolve, { once: true });
      postMessage("close", "*");  // right word, wrong source
    }));
    assert.ok(await page.evaluate(() => document.querySelector("parvis-chat").shadowRoot.querySelector("dialog").open));
    // A stranger's frame that claims the town's place, from another origin.
    await page.evaluate(() => dispatchEvent(new MessageEvent("message", { data: "close", origin: "https://evil.example",
      source: document.querySelector("parvis-chat").shadowRoot.querySelector("iframe").contentWindow })));
    assert.ok(await page.evaluate(() => document.querySelector("parvis-chat").shadowRoot.querySelector("dialog").open));
  });

  test("by keyboard alone, on a phone: open, ask, choose, judge, erase, close", async () => {
    const { page } = await fresh({ viewport: { width: 360, height: 640 } }, [host.url]);
    await page.addInitScript(openRoots);
    await page.goto(`${host.url}/plain`);
    await launch(page).waitFor();
    const tabTo = async (frame, wanted) => {
      for (let stops = 0; stops < 60; ++stops) {
        await page.keyboard.press("Tab");
        const focus = await frame.evaluate(() => {
          let element = document.activeElement;
          while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
          const style = getComputedStyle(element);
          const box = element.getBoundingClientRect();
          return { name: (element.getAttribute("aria-label") ?? element.textContent).trim(), tag: element.localName, ring: parseFloat(style.outlineWidth),
            seen: box.bottom > 0 && box.top < innerHeight, body: element === document.body };
        });
        if (focus.body || focus.tag === "iframe") continue;
        assert.ok(focus.ring >= 2 || focus.tag === "a" && frame === page, `no visible focus: ${focus.tag} ${focus.name}`);
        assert.ok(focus.seen, `focus out of sight: ${focus.tag} ${focus.name}`);
        if (typeof wanted === "string" ? focus.name.includes(wanted) : wanted.test(focus.name)) return;
      }
      assert.fail(`${wanted} is not reached by Tab`);
    };
    await tabTo(page, "Une question");
    await page.keyboard.press("Enter");
    const chat = page.frameLocator("iframe");
    await chat.locator('.log[aria-busy="false"]').waitFor();
    const frame = page.frames().find((each) => each.url().includes("/widget/"));
    const focused = () => frame.evaluate(() => document.activeElement.id || document.activeElement.localName);
    await until(async () => ["words", "h1"].includes(await focused()), "focus enters the panel");
    assert.ok(await page.evaluate(() => document.querySelector("parvis-chat").shadowRoot.querySelector("dialog").matches(":modal")), "a phone shows nothing else");
    if (await focused() === "h1") await tabTo(frame, "Parler à quelqu’un");
    await frame.focus("#words");
    await page.keyboard.type("papiers pour un passeport");
    await page.keyboard.press("Enter");
    await chat.getByRole("button", { name: "Pour un adulte" }).waitFor();
    assert.equal(await focused(), "words", "focus stays where one writes");
    await frame.focus(".log");
    await tabTo(frame, /^Pour un adulte$/);
    await page.keyboard.press("Space");
    await chat.getByText("suivez ces étapes").waitFor();
    assert.equal(await focused(), "words", "focus comes back where one writes");
    assert.equal(await chat.getByRole("button", { name: "Pour un adulte" }).getAttribute("aria-pressed"), "true", "what was chosen stays marked");
    assert.ok(await chat.getByRole("button", { name: "Pour un mineur" }).isDisabled());
    assert.equal(town.posts.at(-1).text, "Pour un adulte");
    assert.ok(town.posts.at(-1).choice);
    await tabTo(frame, /^Non$/);
    await page.keyboard.press("Enter");
    await tabTo(frame, "Ce n’est pas mon cas");
    await page.keyboard.press("Enter");
    await chat.getByText("Votre avis est noté").waitFor();
    await until(() => frame.evaluate(() => document.activeElement.textContent.startsWith("Merci")), "the focus goes to the thanks");
    assert.deepEqual([...[...town.conversations.values()][0].verdicts.values()], ["not_my_case"]);

    await frame.focus("h1");
    await tabTo(frame, "Options de la conversation");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    assert.equal(await chat.locator("#menu").isVisible(), false);
    assert.ok(await page.locator("iframe").isVisible(), "Escape closes the menu, not the panel");
    await page.keyboard.press("Enter");
    await tabTo(frame, "Effacer la conversation");
    await page.keyboard.press("Enter");
    await until(() => frame.evaluate(() => document.activeElement.textContent === "Garder"), "what keeps has the focus");
    await page.keyboard.press("Escape");
    await chat.locator("dialog").waitFor({ state: "detached" });
    await until(() => frame.evaluate(() => document.activeElement.getAttribute("aria-controls") === "menu"), "the focus comes back to the menu");
    await page.keyboard.press("Enter");
    await tabTo(frame, "Effacer la conversation");
    await page.keyboard.press("Enter");
    await tabTo(frame, /^Effacer$/);
    await page.keyboard.press("Enter");
    await chat.getByText("La conversation est effacée.").waitFor();
    assert.equal(town.conversations.size, 0);
    assert.deepEqual(await frame.evaluate(() => Object.keys(localStorage)), []);
    await until(async () => (await focused()) === "h1", "the focus is in the panel");
    await page.keyboard.press("Escape");
    await launch(page).waitFor();
    await until(() => page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.className === "b"), "the focus comes back");
  });

  test("a frame that does not come leaves a way out", async () => {
    const { page } = await fresh({}, [host.url]);
    await page.addInitScript(openRoots);
    town.fail(/GET \/widget\//, { status: 503 }, 9);
    await page.goto(`${host.url}/plain`);
    await launch(page).click();
    await page.getByRole("link", { name: "Ouvrir dans une page" }).waitFor();
    assert.equal(await page.getByRole("link", { name: "Ouvrir dans une page" }).getAttribute("href"), town.url + kPage);
    await page.getByRole("button", { name: "Fermer" }).click();
    town.clear();
    await launch(page).click();
    await page.frameLocator("iframe").getByLabel("Votre message").waitFor();
  });
});

describe("what a screen reader is told", () => {
  test("answers politely, danger at once, one's own words not at all, history not again", async () => {
    const { page } = await fresh();
    await openChat(page, town);
    const live = (selector) => page.locator(selector).last().evaluate((element) => element.closest("[aria-live]").getAttribute("aria-live"));
    await sayAndRead(page, "horaires");
    assert.equal(await live("[data-seq] .stack > p"), "polite");
    assert.equal(await live(".m--me p"), "off");
    assert.equal(await live(".judge p"), "off");
    await sayAndRead(page, "il ne respire plus");
    assert.equal(await live(".m--stop p"), "assertive");
    const log = page.getByRole("log", { name: "Conversation" });
    assert.equal(await log.getAttribute("aria-relevant"), "additions");
    await page.addInitScript(() => {
      window.told = [];
      new MutationObserver(() => {
        const log = document.querySelector(".log");
        if (log) window.told.push([log.getAttribute("aria-live"), log.querySelectorAll("[data-seq]").length]);
      }).observe(document, { subtree: true, childList: true });
    });
    await page.reload();
    await page.locator("[data-seq]").nth(1).waitFor();
    const first = (await page.evaluate(() => window.told)).find(([, shown]) => shown > 0);
    assert.equal(first[0], "off", "what was said before is there, not announced");
  });

  test("a quick reply is not announced as awaited; a slow one is", async () => {
    const { page } = await fresh();
    await openChat(page, town);
    let release;
    town.fail(/POST .*messages/, { hold: new Promise((resolve) => (release = resolve)) });
    await say(page, "horaires");
    const status = page.locator(".vh[role=status]");
    assert.equal(await status.textContent(), "");
    await until(async () => (await status.textContent()).includes("cherche"));
    release();
    await page.locator("[data-seq]").first().waitFor();
    await until(async () => (await status.textContent()) === "");
  });

  test("danger: numbers first, to press; then the words", async () => {
    const { page } = await fresh();
    await openChat(page, town);
    await sayAndRead(page, "mon père ne respire plus");
    const links = await page.locator(".m--stop a").evaluateAll((all) => all.map((each) => each.getAttribute("href")));
    assert.deepEqual(links, ["tel:15", "tel:112", "tel:114"]);
    assert.ok(await page.locator(".m--stop .sos").evaluate((element) => !element.previousElementSibling));
  });

  test("lists, steps, sources with their dates, languages", async () => {
    const { page } = await fresh();
    await openChat(page, town);
    await sayAndRead(page, "quelles étapes");
    assert.equal(await page.locator("[data-seq] .stack > ol > li").count(), 3);
    assert.equal(await page.locator("[data-seq] .stack > ul > li").count(), 2);
    const source = page.getByRole("link", { name: /Carte d'identité.*26 août 2020/ });
    assert.equal(await source.getAttribute("rel"), "noopener noreferrer");
    await page.getByText("Cantine, «\u202fTarifs\u202f», 1er octobre 2026").click();
    await page.getByText("Le repas coûte 3,20 €.").waitFor();
    assert.equal(await page.locator('a[href="tel:0261912400"]').count(), 1);
    await sayAndRead(page, "سلام");
    assert.equal(await page.locator('[lang="ar"]').evaluate((each) => getComputedStyle(each).direction), "rtl");
  });
});

describe("the page of its own", () => {
  test("no network: kept, sent alone when it is back, once", async () => {
    const { page, context } = await fresh();
    await openChat(page, town);
    await sayAndRead(page, "robot");
    await context.setOffline(true);
    await page.getByText("Pas de réseau.").waitFor();
    await say(page, "horaires");
    await page.getByText("Pas encore envoyé").waitFor();
    await context.setOffline(false);
    await page.getByText("Ouverte jusqu’à").first().waitFor();
    assert.equal(await page.getByText("Pas de réseau.").count(), 0);
    assert.equal(town.stored, 2);
    assert.equal(await page.locator(".m--me").count(), 2);
  });

  test("reload: the conversation, what waits and what is being written are there", async () => {
    const { page } = await fresh();
    await openChat(page, town);
    await sayAndRead(page, "horaires");
    town.fail(/POST .*messages/, { status: 503, after: 100 });
    await say(page, "poubelle");
    await page.getByText("Pas encore envoyé").waitFor();
    await page.getByLabel("Votre message").fill("pas fini");
    await page.reload();
    await page.locator("[data-seq]").nth(1).waitFor();
    assert.equal(await page.getByLabel("Votre message").inputValue(), "pas fini");
    assert.equal(town.stored, 2);
    assert.equal(new Set(town.posts.map((each) => each.id)).size, 2);
  });

  test("two tabs: the same conversation, one stream; the other takes over", async () => {
    const { page, context } = await fresh();
    await openChat(page, town);
    const other = await context.newPage();
    other.setDefaultTimeout(120_000);
    await openChat(other, town);
    await sayAndRead(page, "horaires");
    await other.locator("[data-seq]").first().waitFor();
    await until(() => town.streams === 1);
    await sayAndRead(other, "poubelle");
    await page.locator("[data-seq]").nth(1).waitFor();
    assert.equal(town.streams, 1);
    await page.close();
    const [conversation] = town.conversations.values();
    await until(() => conversation.streams.size === 1);
    town.push(conversation, "agent", { text: "Bonjour, ici la mairie." });
    await other.getByText("ici la mairie").waitFor();
    assert.equal(await other.locator(".m--me").count(), 2);
    await other.getByRole("button", { name: "Options de la conversation" }).click();
    await other.getByRole("button", { name: "Effacer la conversation" }).click();
    await other.getByRole("button", { name: "Effacer", exact: true }).click();
    await other.getByText("La conversation est effacée.").waitFor();
  });

  test("a server that restarts: nothing lost, nothing doubled", async () => {
    const { page } = await fresh();
    await openChat(page, town);
    await sayAndRead(page, "horaires");
    const { port } = town;
    await town.stop();
    await say(page, "poubelle");
    await page.getByText("Pas encore envoyé").waitFor();
    await town.start(port);
    await page.getByRole("button", { name: "Réessayer" }).click().catch(() => {});  // or it went alone
    await page.locator("[data-seq]").nth(1).waitFor();
    assert.equal(town.stored, 2);
    assert.equal(await page.locator(".m--me").count(), 2);
    await until(() => town.streams === 1);
  });

  test("a person is asked for in one action", async () => {
    const { page } = await fresh();
    await openChat(page, town);
    await page.getByRole("button", { name: "Parler à quelqu’un" }).click();
    await page.getByText("Une personne peut vous répondre").waitFor();
  });

  test("download, print", async () => {
    const { page } = await fresh();
    await openChat(page, town);
    await sayAndRead(page, "horaires");
    await page.evaluate(() => {
      const make = URL.createObjectURL;
      URL.createObjectURL = (blob) => make(window.kept = blob);
    });
    await page.evaluate(() => { window.print = () => { window.printed = true; dispatchEvent(new Event("beforeprint")); }; });
    const menu = page.getByRole("button", { name: "Options de la conversation" });
    await menu.click();
    assert.deepEqual(await page.locator("#menu button").allTextContents(),
      ["Télécharger en PDF", "Télécharger le texte", "Imprimer", "Effacer la conversation"]);
    for (const [name, file, words] of [["Télécharger en PDF", "conversation.pdf", /^%PDF-/], ["Télécharger le texte", "conversation.txt", /horaires/]]) {
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
      assert.equal(download.suggestedFilename(), file);
      assert.match(await page.evaluate(() => window.kept.text()), words);
      await menu.click();
    }
    await page.getByRole("button", { name: "Imprimer" }).click();
    assert.ok(await page.evaluate(() => window.printed && [...document.querySelectorAll("details")].every((each) => each.open)));
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator(".say-it").isVisible(), false);
    town.fail(/transcript/, { status: 500 });
    await page.emulateMedia({ media: "screen" });
    await menu.click();
    await page.getByRole("button", { name: "Télécharger en PDF" }).click();
    await page.getByText("Le fichier n’est pas arrivé.").waitFor();
    // A refusal is told in the server's words: here those of every one.
    town.fail(/transcript/, { status: 413 });
    await menu.click();
    await page.getByRole("button", { name: "Télécharger en PDF" }).click();
    await page.getByText("Trop de demandes.").waitFor();
  });

  test("storage refused, no locks, no channel: it works in this tab", async () => {
    const { page } = await fresh();
    await page.addInitScript(() => {
      for (const each of ["localStorage", "sessionStorage"]) Object.defineProperty(window, each, { get() { throw new DOMException("refused", "SecurityError"); } });
      Object.defineProperty(navigator, "locks", { value: undefined });
      delete window.BroadcastChannel;
    });
    await openChat(page, town);
    await sayAndRead(page, "horaires");
    await sayAndRead(page, "poubelle");
    await until(() => town.streams === 1);
  });

  test("a town's file that does not come leaves the general words", async () => {
    town.fail(/config\.json/, { status: 500 });
    const { page } = await fresh();
    await page.goto(town.url + kPage);
    await page.getByText("Bonjour. Je suis un assistant automatique.").waitFor();
    await page.getByRole("heading", { name: "Votre mairie" }).waitFor();
    await sayAndRead(page, "horaires");
  });
});

describe("budgets", () => {
  const size = (file) => readFileSync(path.join(web, "dist", file)).length;
  const zipped = (file) => gzipSync(readFileSync(path.join(web, "dist", file)), { level: 9 }).length;

  test("the loader: 3 KB", () => assert.ok(size("widget.js") <= 3072, `${size("widget.js")} bytes`));
  test("the chat: 40 KB, zipped, script and style", () => {
    const sum = zipped("widget/app.js") + zipped("widget/app.css") + zipped("widget/index.html");
    assert.ok(sum <= 40 * 1024, `${sum} bytes`);
  });
  test("nothing moves inside the frame when the town's name and the typeface come", async () => {
    for (const width of [320, 400, 1280]) {
      const { page } = await fresh({ viewport: { width, height: 640 } });
      await page.addInitScript(() => {
        window.shifts = [];
        new PerformanceObserver((list) => {
          for (const each of list.getEntries()) window.shifts.push([each.value, ...each.sources.map(({ node }) => node?.className || node?.nodeName)].join(" "));
        }).observe({ type: "layout-shift", buffered: true });
      });
      await openChat(page, town);
      await page.evaluate(() => document.fonts.ready);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
      assert.deepEqual(await page.evaluate(() => window.shifts), [], `${width} px`);
    }
  });

  test("four files and the typeface; no script that blocks; nothing inline", async () => {
    const { page, requests, good } = await fresh();
    await openChat(page, town);
    await page.evaluate(() => document.fonts.ready);
    assert.deepEqual(requests.map((each) => new URL(each).pathname).filter((each) => !each.includes("/fonts/")).sort(),
      ["/assets/favicon.svg", "/widget/", "/widget/app.css", "/widget/app.js", "/widget/config.json"], "the icon is for a page of its own");
    assert.ok(!frameCsp.includes("unsafe"));
    const html = readFileSync(path.join(web, "dist/widget/index.html"), "utf8");
    assert.doesNotMatch(html, /<style|style=|<script(?![^>]*type="module")/);
    await good();
  });
});

test("the words: French typography, accents, short sentences", async () => {
  const { texts, loader } = await import("../packages/ui/texts.ts");
  const said = (each) => typeof each === "function" ? each(3) : typeof each === "string" ? each : Object.values(each).flatMap(said);
  const all = [texts, loader].flatMap(said);
  for (const each of all) {
    assert.doesNotMatch(each, /[ \u00a0][;!?»]|« | :|'/, each);
    for (const sentence of each.split(/[.!?:]/)) assert.ok(sentence.trim().split(/\s+/).length <= 20, each);
  }
});

test("types hold, files stay small", () => {
  execFileSync(process.execPath, ["contract.mjs", "--check"], { cwd: web });
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "--noEmit"], { cwd: web });
  for (const folder of ["packages/protocol", "packages/ui", "apps/widget"])
    for (const file of readdirSync(path.join(web, folder)).filter((each) => each !== "contract.ts"))  // made, not written
      assert.ok(readFileSync(path.join(web, folder, file), "utf8").split("\n").length <= 500, `${folder}/${file}`);
});

describe("a document", () => {
  const pdf = (name, bytes = 9) => ({ name, mimeType: "application/pdf", buffer: Buffer.alloc(bytes, "a") });
  const input = (page) => page.getByLabel("Joindre");

  test("is given where one writes, by keyboard, several at once, and taken back", async () => {
    const { page, good } = await fresh({ reducedMotion: "reduce" });
    await openChat(page, town);
    await sayAndRead(page, "quel document");
    await input(page).focus();
    await input(page).setInputFiles([pdf("plan.pdf"), pdf("photo.pdf", 700_000)]);
    await page.getByText("photo.pdf").and(page.locator("strong")).waitFor();
    await until(() => [...town.pieces.values()].filter((each) => each.state === "kept").length === 2, "both are kept");
    const status = page.locator(".files [role=status]");
    await until(async () => /photo\.pdf.*Reçu/.test(await status.textContent()), "it is announced");
    await page.getByRole("button", { name: "Retirer plan.pdf" }).focus();
    await page.keyboard.press("Enter");
    await until(() => town.pieces.size === 1, "it is taken back");
    await until(() => page.evaluate(() => document.activeElement.id === "files"), "where one was is gone: the focus goes on from there");
    await page.getByRole("button", { name: "C’est fait" }).click();
    await until(() => town.posts.some((each) => each.choice === "form/="), "it goes on");
    await until(async () => (await input(page).count()) === 0, "nothing is asked any more");
    await good();
  });

  test("what is wrong is said at the file, in words, and nothing of it is sent", async () => {
    const { page, good } = await fresh({ reducedMotion: "reduce" });
    await openChat(page, town);
    await sayAndRead(page, "quel document");
    await input(page).setInputFiles([pdf("grand.pdf", (1 << 20) + 1)]);
    await page.locator("li .error", { hasText: "dépasse" }).waitFor();
    await input(page).setInputFiles([{ name: "page.html", mimeType: "text/html", buffer: Buffer.from("a") }]);
    await page.locator(".error", { hasText: "n’est pas reçu" }).first().waitFor();
    await input(page).setInputFiles(["1", "2", "3", "4"].map((n) => pdf(`${n}.pdf`)));
    await page.locator("#files-error", { hasText: "3 fichiers au plus" }).waitFor();
    assert.equal(await input(page).getAttribute("aria-invalid"), "true");
    assert.equal(town.pieces.size, 0);
    await input(page).setInputFiles([pdf("refusé.pdf")]);
    await page.locator(".error", { hasText: "Refaites-le" }).first().waitFor();
    await good();
  });

  test("goes on when the network is back; until then nothing goes on without it", async () => {
    const { page, good } = await fresh({ reducedMotion: "reduce" });
    await openChat(page, town);
    await sayAndRead(page, "quel document");
    town.fail(/PATCH/, { cut: "before" }, 1000);
    await input(page).setInputFiles([pdf("plan.pdf", 900_000)]);
    await page.getByText("L’envoi reprendra seul").first().waitFor();
    await page.getByRole("button", { name: "C’est fait" }).click();
    await page.getByText("L’envoi n’est pas terminé").waitFor();
    assert.ok(!town.posts.some((each) => each.choice === "form/="));
    town.clear();
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await until(() => [...town.pieces.values()].some((each) => each.state === "kept"), "it is kept");
    assert.equal(town.pieces.size, 1);
    await good();
  });

  test("of a recent one the date is asked first", async () => {
    const { page, good } = await fresh({ reducedMotion: "reduce" });
    await openChat(page, town);
    await sayAndRead(page, "une facture");
    await input(page).setInputFiles([pdf("facture.pdf")]);
    await page.locator("#files-error", { hasText: "date du document" }).waitFor();
    for (const [label, typed] of [["Jour", "2"], ["Mois", "11"], ["Année", "2026"]]) await page.getByLabel(label, { exact: true }).fill(typed);
    await input(page).setInputFiles([pdf("facture.pdf")]);
    await until(() => [...town.pieces.values()].some((each) => each.dated === "2026-11-02"), "its date goes with it");
    await good();
  });
});

// A visit to the portal: what a page of ours must never do, and how it is judged.
import assert from "node:assert/strict";
import axe from "axe-core";

// A page of its own, and what it did that a page of ours must not do: say an error, ask another
// host, receive an answer that its test does not expect.
// ignored: what the console may say.
export async function visit(chrome, server, options = {}, expected = [200, 304], ignored = /status of 4\d\d/) {
  const context = await chrome.browser.newContext({ baseURL: server.url, ...options });
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !ignored.test(message.text())) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== server.url) faults.push(`asks another host: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (![...expected, 303, 307].includes(response.status())) faults.push(`${response.status()} ${response.url()}`);
  });
  return {
    page,
    // cookies: names of those that it was right to set.
    async close(...expectedCookies) {
      const cookies = await context.cookies();
      await context.close();
      assert.deepEqual(faults, []);
      assert.deepEqual(cookies.map((cookie) => cookie.name).sort(), expectedCookies.sort());
    },
  };
}

// All rules the first time; then those that a theme or a width can change.
async function violations(page) {
  const options = { resultTypes: ["violations"] };
  if (await page.evaluate(() => "axe" in window)) options.runOnly = ["color-contrast", "target-size", "scrollable-region-focusable"];
  else await page.evaluate(axe.source);
  const found = await page.evaluate((wanted) => window.axe.run(document, wanted), options);
  return found.violations.map((rule) => `${rule.id}: ${rule.nodes.slice(0, 3).map((node) => node.target).join(" | ")}`);
}

// What holds for every page, in both themes and at three widths. With PARVIS_SHOTS, a folder, each is
// kept there as a picture, to be looked at.
export async function judge(page, name) {
  assert.equal(await page.locator("h1").count(), 1);
  assert.match(await page.title(), /, (Saint-Aubin-sur-Orle|Agglomération du Val d’Orle)$/);
  for (const colorScheme of ["light", "dark"])
    for (const width of [320, 768, 1280]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      const where = `${name}, ${colorScheme}, ${width} px`;
      assert.deepEqual(await violations(page), [], where);
      const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${where}: scrolls sideways by ${wide} px`);
      if (process.env.PARVIS_SHOTS)
        await page.screenshot({ path: `${process.env.PARVIS_SHOTS}/${name}-${colorScheme}-${width}.png`, fullPage: true });
    }
}

// Tabs until the element that has the focus matches; each stop shows where it is.
// By keyboard, as far as the page that it leads to.
export async function press(page, selector, arrives) {
  await tabTo(page, selector);
  await page.keyboard.press("Enter");
  await page.waitForURL(arrives);
}

export async function tabTo(page, selector) {
  for (let stops = 0; stops < 80; ++stops) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate((wanted) => {
      const element = document.activeElement;
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      return { found: element.matches(wanted), name: element.outerHTML.slice(0, 120),
        ring: parseFloat(style.outlineWidth), seen: box.bottom > 0 && box.top < innerHeight };
    }, selector);
    assert.ok(focus.ring >= 2, `no visible focus: ${focus.name}`);
    assert.ok(focus.seen, `focus out of sight: ${focus.name}`);
    if (focus.found) return;
  }
  assert.fail(`${selector} is not reached by Tab`);
}

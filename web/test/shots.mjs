// Pictures of the states, for people to look at: node shots.mjs FOLDER [STATE…]
import { mkdirSync } from "node:fs";
import { startHost, Town } from "./server.mjs";
import { states } from "./states.mjs";
import { openChat, startBrowser } from "./support.mjs";

const [folder, ...only] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const { browser, stop } = await startBrowser();
const sizes = [[320, 640], [768, 900], [1280, 900]];
const modes = { light: {}, dark: { colorScheme: "dark" }, forced: { forcedColors: "active" } };
try {
  for (const state of states.filter(({ name }) => !only.length || only.includes(name))) {
    const town = await new Town().start();
    const context = await browser.newContext({ viewport: { width: 320, height: 640 } });
    const page = await context.newPage();
    await openChat(page, town);
    await state.open(page, town);
    for (const [mode, media] of Object.entries(modes)) {
      await page.emulateMedia({ colorScheme: "light", forcedColors: "none", ...media });
      for (const [width, height] of sizes) {
        await page.setViewportSize({ width, height });
        await page.screenshot({ path: `${folder}/${state.name}-${mode}-${width}.png` });
      }
    }
    await page.emulateMedia({ colorScheme: "light", forcedColors: "none" });
    await page.setViewportSize({ width: 320, height: 256 });  // 1280 × 1024 at 400 %
    await page.screenshot({ path: `${folder}/${state.name}-zoom.png`, fullPage: true });
    await context.close();
    await town.stop();
  }
  const town = await new Town().start();
  const host = await startHost(town.url);
  for (const name of ["plain", "aggressive"])
    for (const [width, height] of sizes) {
      const context = await browser.newContext({ viewport: { width, height } });
      const page = await context.newPage();
      await page.addInitScript(() => {
        const attach = Element.prototype.attachShadow;
        Element.prototype.attachShadow = function () { return attach.call(this, { mode: "open" }); };
      });
      await page.goto(`${host.url}/${name}`);
      await page.getByRole("button", { name: "Une question" }).waitFor();
      await page.screenshot({ path: `${folder}/host-${name}-closed-${width}.png` });
      await page.getByRole("button", { name: "Une question" }).click();
      await page.frameLocator("iframe").getByText("Saint-Aubin-sur-Orle", { exact: true }).waitFor();
      await page.screenshot({ path: `${folder}/host-${name}-open-${width}.png` });
      await context.close();
    }
  await host.stop();
  await town.stop();
} finally {
  await stop();
}

// Pictures of the pages, for people to look at: node shots.mjs FOLDER [BEGINNING OF NAMES]
import { mkdirSync } from "node:fs";
import { states as appointments } from "./appointments.mjs";
import { states as desk } from "./desk.mjs";
import { states as visits } from "./desk_appointments.mjs";
import { states as portal } from "./pages.mjs";
import { states as procedures } from "./procedures.mjs";
import { startBrowser, startServer } from "./support.mjs";

const [folder, beginning = ""] = process.argv.slice(2);
const states = [...portal, ...procedures, ...appointments, ...desk, ...visits];
mkdirSync(folder, { recursive: true });
const server = await startServer();
const { browser, stop } = await startBrowser();
try {
  for (const colorScheme of ["light", "dark"]) {
    const context = await browser.newContext({ baseURL: server.url, colorScheme });
    const page = await context.newPage();
    for (const state of states.filter(({ name }) => name.startsWith(beginning))) {
      await state.open(page);
      for (const width of [320, 768, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        await page.screenshot({ path: `${folder}/${state.name}-${colorScheme}-${width}.png`, fullPage: true });
      }
    }
    await context.close();
  }
} finally {
  await stop();
  await server.stop();
}

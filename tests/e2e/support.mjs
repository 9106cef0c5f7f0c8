// What the tests stand on: the real program on port 0 with a scratch home, and Debian's Chromium.
import { spawn, spawnSync } from "node:child_process";
import { chownSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";

const root = path.resolve(import.meta.dirname, "../..");
const program = process.env.PARVIS_PROGRAM ?? path.join(root, "build/dev/parvis");
const NOBODY = 65534;

export const corpus = process.env.PARVIS_CORPUS ?? "";

// Resolves with the first match of `pattern` in what a child says; rejects when it ends before.
function said(child, pattern, stream = child.stderr) {
  let text = "";
  return new Promise((resolve, reject) => {
    stream.on("data", (bytes) => {
      text += bytes;
      const match = text.match(pattern);
      if (match) resolve(match[1]);
    });
    child.on("exit", (code) => reject(new Error(`${child.spawnfile} ended with ${code}:\n${text}`)));
  });
}

async function ended(child) {
  if (child.exitCode !== null) return child.exitCode;
  child.kill("SIGTERM");
  return new Promise((resolve) => child.on("exit", resolve));
}

// Who works at the desk.
export const password = "cheval correct batterie";
export const agents = [
  { login: "claire.petit@orle.example", name: "Claire Petit", services: ["etat-civil-saint-aubin"] },
  { login: "jean.blanc@orle.example", name: "Jean Blanc", services: ["urbanisme"] },
  { login: "awa.diop@orle.example", name: "Awa Diop", services: [] },
];

// A command beside the server that runs; `words` begin after --home.
let command;
export const parvis = (...words) => command(...words);
// Makes this what the calendar of a counter holds: an evening, the times of UTC.
export function busyEvening(agenda, counter, date) {
  const day = date.replaceAll("-", "");
  const file = path.join(mkdtempSync(path.join(tmpdir(), "parvis-ics-")), "busy.ics");
  writeFileSync(file, ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//FR", "BEGIN:VEVENT", `UID:${counter}-${day}`,
    `DTSTAMP:${day}T000000Z`, `DTSTART:${day}T170000Z`, `DTEND:${day}T210000Z`, "END:VEVENT", "END:VCALENDAR", ""].join("\r\n"));
  parvis("import", "calendar", file, "--agenda", agenda, "--counter", counter);
  rmSync(path.dirname(file), { recursive: true });
}

const site = "https://demarches.orle.example";  // as letters write it: the port is not known before
// The newest link into a case in the mailbox, as a path. `asked`: how many were asked for.
export async function linkInto(mailbox, reference, asked = 1) {
  const letters = await mailbox.letters(({ headers }) => headers.Subject.includes(reference) && headers.Subject.includes("votre lien"), asked);
  const text = letters.at(-1).parts.find(({ type }) => type === "text/plain");
  return Buffer.from(text.bytes, "base64").toString().match(new RegExp(`${site}(\\S+/acces/\\S+)`))[1];
}

// The demonstration town with its agents, and the official sheets of sheets.txt. procedures: files of
// démarches that it has besides.
export async function startServer({ mailbox, procedures = [] } = {}) {
  const home = mkdtempSync(path.join(tmpdir(), "parvis-e2e-"));
  const config = path.join(home, "parvis.toml");  // a browser writes faster than a person
  writeFileSync(config, "[conversations]\nmessages_per_visitor = 1000\nmessages_per_address = 60000\n" +
    (mailbox ? `[server]\npublic_url = "${site}"\n[mail]\nurl = "smtp://127.0.0.1:${mailbox.port}"\nfrom = "mairie@orle.example"\nstarttls = "none"\n` : ""));
  const env = { ...process.env, PARVIS_MODELS: home };  // no model: answers do not hang on a machine's speed
  const told = (input, ...words) => {
    const done = spawnSync(program, ["--home", home, "--config", config, ...words], { cwd: root, env, encoding: "utf8", input });
    if (done.status !== 0) throw new Error(`parvis ${words.join(" ")}: ${done.stderr}`);
  };
  const run = (...words) => told("", ...words);
  command = run;
  const town = path.join(home, "town");
  cpSync(path.join(root, "demo"), town, { recursive: true });
  for (const file of procedures) copyFileSync(path.join(import.meta.dirname, file), path.join(town, "procedures", file));
  run("import", "commune", town);
  const folder = path.join(home, "sheets", "particuliers");
  mkdirSync(folder, { recursive: true });
  for (const id of readFileSync(path.join(import.meta.dirname, "sheets.txt"), "utf8").split(/\s+/).filter(Boolean))
    copyFileSync(path.join(corpus, "data/particuliers", `${id}.json`), path.join(folder, `${id}.json`));
  run("import", "fiches", path.join(home, "sheets"));
  for (const { login, name, services } of agents)
    told(`${password}\n`, "user", "add", login, "--name", name, ...services.flatMap((id) => ["--service", id]));
  const child = spawn(program, ["--home", home, "--config", config, "serve", "--listen", "127.0.0.1:0"], { cwd: root, env });
  const url = await said(child, /open (http:\/\/\S+)\//);
  return {
    url,
    async stop() {
      const code = await ended(child);
      rmSync(home, { recursive: true });
      if (code !== 0) throw new Error(`parvis serve ended with ${code}`);
    },
  };
}

// A mail server, and what it has received.
export async function startMailbox() {
  const folder = mkdtempSync(path.join(tmpdir(), "parvis-mailbox-"));
  const python = ["/usr/bin/python3"].find(existsSync) ?? "python3";
  const child = spawn(python, ["-B", path.join(root, "tests/support/smtp_server.py"), folder, "{}"]);
  const port = Number(await said(child, /(\d+)\n/, child.stdout));
  const number = (name) => Number.parseInt(name, 10);
  const all = () => readdirSync(folder).filter((name) => name.endsWith(".json")).sort((a, b) => number(a) - number(b)).flatMap((name) => {
    try { return [JSON.parse(readFileSync(path.join(folder, name), "utf8"))]; } catch { return []; }  // being written
  });
  return {
    port,
    // Those that `suit`, once so many are there; and the first.
    async letters(suit, many) {
      for (const end = Date.now() + 60_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
        const found = all().filter(suit);
        if (found.length >= many) return found;
      }
      throw new Error(`no such letter among ${all().map((each) => each.headers.Subject).join(" | ")}`);
    },
    async letter(suits) {
      return (await this.letters(suits, 1))[0];
    },
    async stop() {
      await ended(child);
      rmSync(folder, { recursive: true });
    },
  };
}

// Chromium refuses to run as root with its sandbox, so root lends it to nobody; the pages it opens
// are ours alone. Its requests go nowhere else, and the tests say so.
export async function startBrowser() {
  const binary = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
  if (!binary) throw new Error("Chromium is missing: run bin/setup");
  const profile = mkdtempSync(path.join(tmpdir(), "parvis-chromium-"));
  const as = process.getuid() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (as.uid) chownSync(profile, NOBODY, NOBODY);
  const child = spawn(
    binary,
    ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--hide-scrollbars", "--lang=fr",
      "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"],
    { ...as, cwd: profile, env: { PATH: process.env.PATH, HOME: profile, LANG: "C.UTF-8" } });
  const endpoint = await said(child, /DevTools listening on (ws:\S+)/);
  const browser = await chromium.connectOverCDP(endpoint);
  return {
    browser,
    endpoint,  // for another driver
    async stop() {
      await browser.close();
      await ended(child);
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

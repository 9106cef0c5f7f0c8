// A town's server as the contract tells it, in memory, with the ways a real one fails. It also
// serves web/dist, and says what it was asked.
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";

const here = import.meta.dirname;
export const answers = JSON.parse(readFileSync(path.join(here, "answers.json"), "utf8"));

// The reply to a text: the first word that it has.
const said = [
  ["respire", "danger"], ["horaires", "hours"], ["samedi", "closed"], ["passeport", "clarify"], ["adulte", "steps"],
  ["quelqu", "person"], ["poubelle", "bins"], ["carte", "lost"], ["robot", "robot"], ["سلام", "arabic"], ["étapes", "steps"], ["document", "document"], ["facture", "dated"],
];
const replyTo = (text) => answers[said.find(([word]) => text.toLowerCase().includes(word))?.[1] ?? "unknown"];

const kinds = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml" };

export const frameCsp = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
  + "img-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'";

export class Town {
  conversations = new Map();
  asked = [];        // "METHOD path"
  posts = [];        // each message POST that reached the server: {id, text}
  stored = 0;        // messages of citizens that were stored
  rules = [];        // failures to come, see fail()
  config = { town: "Agglomération du Val d’Orle", commune_name: "Saint-Aubin-sur-Orle", accent: "#0b5563",
    welcome: "Bonjour. Je suis l’assistant automatique de la mairie. Je réponds avec ses textes et ceux de service-public.fr." };
  pieces = new Map();  // files of the one draft
  sockets = new Set();

  // match: of "METHOD path". how: {status, after?} | {cut: "before"|"after"} | {hold: promise}; as many times.
  fail(match, how, times = 1) {
    this.rules.push({ match, how, times });
  }

  clear() {
    this.rules = [];
  }

  async start(port = 0) {
    this.server = http.createServer((request, response) => void this.answer(request, response));
    this.server.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket));
    });
    await new Promise((resolve) => this.server.listen(port, "127.0.0.1", resolve));
    this.port = this.server.address().port;
    this.url = `http://127.0.0.1:${this.port}`;
    return this;
  }

  // As a restart: what was stored is kept, who listens is told when to come back, then all is closed.
  async stop() {
    for (const each of this.conversations.values()) for (const stream of each.streams) stream.end("retry: 50\n\n");
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroySoon();
    await closed;
  }

  cutAll() {
    for (const socket of this.sockets) socket.destroy();
  }

  get streams() {
    return [...this.conversations.values()].reduce((sum, each) => sum + each.streams.size, 0);
  }

  // Something said from elsewhere (another device, the desk).
  push(conversation, author, message, id = randomUUID()) {
    const entry = { seq: ++conversation.seq, id, author, at: "2026-11-24T21:00:00Z", message };
    conversation.messages.push(entry);
    for (const stream of conversation.streams) this.event(stream, entry);
    return entry;
  }

  event(stream, entry) {
    stream.write(`id: ${entry.seq}\nevent: message\ndata: ${JSON.stringify(entry)}\n\n`);
  }

  problem(response, status, detail, headers = {}) {
    response.writeHead(status, { "Content-Type": "application/problem+json", ...headers });
    response.end(JSON.stringify({ type: "about:blank", title: "Refus", status, detail, request_id: "r" }));
  }

  async answer(request, response) {
    const url = new URL(request.url, this.url);
    const what = `${request.method} ${url.pathname}`;
    this.asked.push(what + url.search);
    const rule = this.rules.find((each) => each.times > 0 && what.match(each.match));
    if (rule) --rule.times;
    if (rule?.how.hold) await rule.how.hold;
    if (rule?.how.status) {
      request.resume();
      return this.problem(response, rule.how.status, "Trop de demandes.", rule.how.after ? { "Retry-After": rule.how.after } : {});
    }
    if (rule?.how.cut === "before") return request.socket.destroy();
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const bytes = Buffer.concat(pieces), body = bytes.toString();
    if (response.destroyed) return;
    const dead = rule?.how.cut === "after" ? () => request.socket.destroy() : null;
    if (url.pathname.startsWith("/api/")) return this.api(request, response, url, body, dead, bytes);
    return this.file(response, url);
  }

  file(response, url) {
    if (url.pathname === "/widget/config.json") {
      response.writeHead(200, { "Content-Type": "application/json" });
      return response.end(JSON.stringify(this.config));
    }
    const inside = url.pathname === "/widget/" ? "/widget/index.html" : url.pathname;
    const file = inside.startsWith("/assets/") ? path.join(here, "..", inside) : path.join(here, "../dist", inside);
    if (inside.includes("..") || !existsSync(file)) return this.problem(response, 404, "");
    response.writeHead(200, {
      "Content-Type": kinds[path.extname(file)], "Content-Security-Policy": frameCsp, "X-Content-Type-Options": "nosniff",
      "Access-Control-Allow-Origin": "*" });
    response.end(readFileSync(file));
  }

  // The files of a draft, by the tus protocol. A name with "refusé" in it is refused, once it is looked at.
  files(request, response, url, bytes, json, dead) {
    const [, , , , , , , , , id] = url.pathname.split("/");
    const told = (status, headers) => {
      if (dead) return dead();
      response.writeHead(status, { "Tus-Resumable": "1.0.0", ...headers });
      response.end();
    };
    const shown = ({ content, ...file }) => ({ ...file, offset: content.length });
    if (!id && request.method === "GET") return json(200, { files: [...this.pieces.values()].map(shown) });
    if (!id) {
      const said = Object.fromEntries(request.headers["upload-metadata"].split(",")
        .map((pair) => pair.split(" ")).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]));
      if (said.filename.includes("plein")) return this.problem(response, 409, "Cette demande a déjà 40 fichiers.");
      const made = { id: randomUUID().replaceAll("-", ""), field: said.field, name: said.filename, dated: said.dated ?? "",
        type: "", size: Number(request.headers["upload-length"]), state: "receiving", words: "Envoi en cours", said: "", given: false,
        content: Buffer.alloc(0) };
      this.pieces.set(made.id, made);
      return told(201, { Location: `${url.pathname}/${made.id}` });
    }
    const file = this.pieces.get(id);
    if (!file) return this.problem(response, 404, "Introuvable.");
    if (request.method === "DELETE") {
      this.pieces.delete(id);
      return told(204);
    }
    if (request.method === "HEAD") return told(200, { "Upload-Offset": file.content.length, "Upload-Length": file.size });
    if (request.method === "GET") return json(200, shown(file));
    if (Number(request.headers["upload-offset"]) !== file.content.length) return this.problem(response, 409, "", { "Tus-Resumable": "1.0.0" });
    file.content = Buffer.concat([file.content, bytes]);
    if (file.content.length === file.size && file.name.includes("refusé"))
      Object.assign(file, { state: "refused", words: "Refusé", said: "Ce fichier est abîmé. Refaites-le, puis envoyez-le de nouveau." });
    else if (file.content.length === file.size)
      Object.assign(file, { state: "kept", words: "Reçu" });
    return told(204, { "Upload-Offset": file.content.length });
  }

  api(request, response, url, body, dead, bytes) {
    const json = (status, value) => {
      if (dead) return dead();
      response.writeHead(status, { "Content-Type": "application/json" });
      response.end(value === undefined ? undefined : JSON.stringify(value));
    };
    const [, , , , id, rest] = url.pathname.split("/");
    if (!id && request.method === "POST") {
      const made = { id: randomUUID(), token: randomUUID(), seq: 0, messages: [], streams: new Set(), verdicts: new Map() };
      this.conversations.set(made.id, made);
      return json(201, { id: made.id, token: made.token, town: this.config.town, welcome: this.config.welcome });
    }
    const conversation = this.conversations.get(id);
    if (!conversation || request.headers.authorization !== `Bearer ${conversation.token}`) return this.problem(response, 404, "Introuvable.");
    if (rest === "drafts") return this.files(request, response, url, bytes, json, dead);
    if (!rest && request.method === "DELETE") {
      this.conversations.delete(id);
      for (const stream of conversation.streams) stream.end();
      return json(204);
    }
    if (rest === "messages") {
      const { id: own, text, choice } = JSON.parse(body);
      this.posts.push({ id: own, text, choice });
      if (!/^[A-Za-z0-9_-]{8,64}$/.test(own)) return this.problem(response, 400, "Identifiant refusé.");
      if (Buffer.byteLength(text) > 8192) return this.problem(response, 413, "Message trop long.");
      const there = conversation.messages.findIndex((each) => each.id === own);
      if (there >= 0) {
        if (conversation.messages[there].message.text !== text) return this.problem(response, 409, "Identifiant déjà pris.");
        return json(200, { message: conversation.messages[there], reply: conversation.messages[there + 1] });
      }
      ++this.stored;
      const message = this.push(conversation, "citizen", { text }, own);
      const reply = this.push(conversation, "virtual_agent", replyTo(text));
      return json(201, { message, reply });
    }
    if (rest === "events") {
      const after = Number(request.headers["last-event-id"] ?? url.searchParams.get("after") ?? 0);
      const news = conversation.messages.filter((each) => each.seq > after)
        .map((each) => ({ ...each, verdict: conversation.verdicts.get(each.seq) }));
      if (request.headers.accept !== "text/event-stream") return json(200, { messages: news.slice(0, 100) });
      response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
      response.write(": ping\n\n");
      for (const each of news) this.event(response, each);
      conversation.streams.add(response);
      response.on("close", () => conversation.streams.delete(response));
      return;
    }
    if (rest === "feedback") {
      const { seq, verdict } = JSON.parse(body);
      conversation.verdicts.set(seq, verdict);
      return json(204);
    }
    if (rest === "transcript") {
      if (request.headers.accept === "application/pdf") {
        response.writeHead(200, { "Content-Type": "application/pdf" });
        return response.end("%PDF-1.7\n");  // only the true server makes one
      }
      response.writeHead(200, { "Content-Type": "text/plain; charset=utf-8" });
      return response.end(conversation.messages.map((each) => `${each.author} : ${each.message.text}`).join("\n\n"));
    }
    this.problem(response, 404, "Introuvable.");
  }
}

// Pages of other people: plain; a content policy that allows the widget and nothing inline; style
// sheets that fight everything.
export async function startHost(widget) {
  const tag = `<script src="${widget}/widget.js" data-commune="99001" async></script>`;
  const words = "<h1>Marché de l’Avent</h1><p>Le marché se tient place des Tilleuls.</p>".concat("<p>Texte de la page.</p>".repeat(40));
  const page = (head, body) => `<!doctype html><html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Les Clairs</title><link rel="icon" href="data:,">${head}</head><body><main><a href="#a">Un lien</a>${body}</main></body></html>`;
  const pages = {
    "/plain": [page(tag, words), {}],
    "/bare": [page("", words), {}],
    "/strict": [page(tag, words), { "Content-Security-Policy":
      `default-src 'none'; script-src ${widget}; frame-src ${widget}; style-src 'self'; img-src data:; require-trusted-types-for 'script'; base-uri 'none'; form-action 'none'` }],
    "/aggressive": [page(`<style>
      html { font-size: 62.5% } * { all: unset !important; color: lime !important; font: 7px cursive !important; }
      *, *::before, *::after { display: none !important; animation: none !important; }
      html, body, main, main * { display: block !important } style, script, head { display: none !important }
      body { transform: scale(1); direction: rtl } iframe, button, dialog { visibility: hidden !important; width: 1px !important; opacity: 0 !important; position: static !important }
      body > *:last-child { transform: translate(-9999px) !important; z-index: -1 !important; pointer-events: none !important }
    </style>${tag}`, words), {}],
  };
  const server = http.createServer((request, response) => {
    const [body, headers] = pages[request.url.split("?")[0]] ?? ["", null];
    response.writeHead(headers ? 200 : 404, { "Content-Type": "text/html; charset=utf-8", ...headers });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  return { url: `http://localhost:${server.address().port}`, async stop() { server.closeAllConnections(); await new Promise((r) => server.close(r)); } };
}

// The protocol without a browser: the fold, the lines, the stream's reader, and sessions against a
// server that fails in every way it can.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { Api } from "../packages/protocol/api.ts";
import { kForgetAfter, kLongestRetryAfter, kOutbox, kTextBytes } from "../packages/protocol/limits.ts";
import { blocks, spans, web } from "../packages/protocol/lines.ts";
import { Memory, plainShelf } from "../packages/protocol/memory.ts";
import { backoff, Pause } from "../packages/protocol/pause.ts";
import { Session } from "../packages/protocol/session.ts";
import { eventReader } from "../packages/protocol/sse.ts";
import { Refused, Uploads } from "../packages/protocol/uploads.ts";
import { apply, empty } from "../packages/protocol/view.ts";
import { answers, Town } from "./server.mjs";
import { until } from "./support.mjs";

// mulberry32: the same seed, the same run.
const random = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

describe("the fold", () => {
  const message = (seq, author = seq % 2 ? "citizen" : "virtual_agent") =>
    ({ seq, id: `message-${seq}`, author, at: "2026-11-24T21:00:00Z", message: author === "citizen" ? { text: `t${seq}` } : answers.robot });
  const pending = (n) => ({ id: `message-${n}`, text: `t${n}`, at: n, state: "sending" });
  const fold = (events, from = empty) => events.reduce(apply, from);

  test("snapshot + events = fresh, however often and in whatever order each is told", () => {
    for (let seed = 1; seed <= 300; ++seed) {
      const chance = random(seed);
      const pick = (n) => Math.floor(chance() * n);
      const count = 1 + pick(12);
      const all = Array.from({ length: count }, (_, i) => message(i + 1));
      const fresh = fold([{ type: "messages", messages: all, upTo: count }]);
      const cut = pick(count + 1);
      let view = fold([{ type: "messages", messages: all.slice(0, cut), upTo: cut || undefined }]);
      const news = all.slice(cut).flatMap((each) => {
        const events = [{ type: "messages", messages: [each] }];  // the answer to a POST, another tab
        if (each.author === "citizen" && chance() < 0.5) events.push({ type: "queued", pending: pending(each.seq) });
        if (chance() < 0.3) events.push({ type: "state", id: each.id, state: "waiting" });
        return events;
      });
      for (let i = news.length - 1; i > 0; --i) {
        const j = pick(i + 1);
        [news[i], news[j]] = [news[j], news[i]];
      }
      view = fold([...news, ...news.filter(() => chance() < 0.5)], view);
      for (const each of all) if (chance() < 0.7 || each.seq > cut) view = apply(view, { type: "messages", messages: [each], upTo: each.seq });
      assert.deepEqual(view, { ...fresh, cursor: view.cursor }, `seed ${seed}`);
      assert.equal(view.cursor, count);
    }
  });

  test("what is told out of order moves no cursor", () => {
    const view = fold([{ type: "messages", messages: [message(1)], upTo: 1 }, { type: "messages", messages: [message(4)] }]);
    assert.equal(view.cursor, 1);
    assert.deepEqual(view.messages.map((each) => each.seq), [1, 4]);
  });

  test("a message is there once: waiting, or acknowledged", () => {
    const view = fold([{ type: "queued", pending: pending(1) }, { type: "messages", messages: [message(1)] }, { type: "queued", pending: pending(1) }]);
    assert.equal(view.pending.length, 0);
    assert.equal(view.messages.length, 1);
  });

  test("a verdict stays when its message is told again", () => {
    const view = fold([{ type: "messages", messages: [message(2)] }, { type: "verdict", seq: 2, verdict: "useful" }, { type: "messages", messages: [message(2)] }]);
    assert.equal(view.messages[0].verdict, "useful");
  });

  test("gone keeps what was not sent; erased keeps nothing", () => {
    const before = fold([{ type: "messages", messages: [message(1)], upTo: 1 }, { type: "queued", pending: pending(3) }]);
    const gone = apply(before, { type: "gone" });
    assert.deepEqual([gone.messages.length, gone.pending.length, gone.cursor, gone.gone], [0, 1, 0, true]);
    assert.deepEqual(apply(before, { type: "erased" }), empty);
  });

  test("nothing is changed in place", () => {
    const freeze = (value) => (Object.values(value).forEach((each) => each && typeof each === "object" && freeze(each)), Object.freeze(value));
    const view = freeze(fold([{ type: "messages", messages: [message(1), message(2)] }, { type: "queued", pending: pending(9) }]));
    for (const event of [{ type: "messages", messages: [message(3)] }, { type: "queued", pending: pending(8) }, { type: "withdrawn", id: "message-9" },
      { type: "state", id: "message-9", state: "waiting" }, { type: "verdict", seq: 2, verdict: "wrong" }, { type: "link", link: "lost" }, { type: "gone" }])
      apply(view, event);
  });
});

describe("lines", () => {
  test("paragraphs, items, steps", () => {
    assert.deepEqual(blocks("Bonjour.\n\n- un\n- deux\n1. d’abord\n2. ensuite\nFin"), [
      { kind: "p", text: "Bonjour." }, { kind: "ul", items: ["un", "deux"] },
      { kind: "ol", items: ["d’abord", "ensuite"], start: 1 }, { kind: "p", text: "Fin" }]);
  });
  test("steps that an item cuts go on counting", () => {
    assert.equal(blocks("1. a\n- x\n2. b")[2].start, 2);
  });
  test("a date or an amount is not a step", () => {
    assert.deepEqual(blocks("2.50 euros"), [{ kind: "p", text: "2.50 euros" }]);
    assert.deepEqual(blocks("-5 degrés"), [{ kind: "p", text: "-5 degrés" }]);
  });
  test("links, phones, e-mails", () => {
    assert.deepEqual(spans("Voir https://a.fr/x), ou le 02\u00a061\u00a091\u00a024\u00a000 ; a@b.fr.").filter((each) => each.href).map((each) => each.href),
      ["https://a.fr/x", "tel:0261912400", "mailto:a@b.fr"]);
    assert.equal(spans("Voir https://a.fr.").map((each) => each.text).join(""), "Voir https://a.fr.");
    assert.deepEqual(spans("99 00 11 22 33").filter((each) => each.href), []);
  });
  test("only the web is followed", () => {
    for (const bad of ["javascript:alert(1)", "data:text/html,x", "//a.fr", null]) assert.equal(web(bad), null);
    assert.equal(web("https://a.fr"), "https://a.fr");
  });
});

describe("the stream's reader", () => {
  const read = (pieces) => {
    const heard = [];
    const retries = [];
    const feed = eventReader((each) => heard.push(each), (ms) => retries.push(ms));
    for (const piece of pieces) feed(piece);
    return { heard, retries };
  };
  const whole = ": ping\r\nid: 4\r\nevent: message\r\ndata: {\"a\":1,\r\ndata: \"b\":2}\r\n\r\nretry: 500\n\ndata:x\n\nid: 9\ndata: y\r\r";

  test("the same events however it is cut", () => {
    const expected = read([whole + "\n"]);
    assert.equal(expected.heard.length, 3);
    assert.deepEqual(expected.heard[0], { data: '{"a":1,\n"b":2}', event: "message", id: "4" });
    assert.deepEqual(expected.retries, [500]);
    for (let i = 1; i < whole.length; ++i) assert.deepEqual(read([whole.slice(0, i), whole.slice(i), "\n"]), expected, `cut at ${i}`);
  });
  test("an event that was not ended is not heard", () => assert.equal(read(["data: x\n"]).heard.length, 0));
  test("an endless line is refused", () => {
    const feed = eventReader(() => {}, () => {});
    assert.throws(() => { for (let i = 0; i < 100; ++i) feed("x".repeat(1 << 16)); }, /too long/);
  });
});

describe("what a device keeps", () => {
  test("nothing before the first message, nothing after it forgot", () => {
    const shelf = plainShelf();
    const memory = new Memory(shelf, "parvis:99001", 0);
    assert.deepEqual(shelf.keys(), []);
    memory.put({ id: "a", text: "x", at: 1, state: "sending" }, 1000);
    memory.keep({ id: "c", token: "t" });
    shelf.set("parvis:99002", "{}");
    new Memory(shelf, "parvis:99001", 1000 + kForgetAfter);
    assert.deepEqual(shelf.keys(), ["parvis:99002"]);
  });
  test("torn or foreign values are as none", () => {
    const shelf = plainShelf();
    for (const torn of ["{", "null", "[]", '{"id":1,"token":"t"}']) {
      shelf.set("parvis:1", torn);
      shelf.set("parvis:1:out:a", torn);
      const memory = new Memory(shelf, "parvis:1", 0);
      assert.equal(memory.conversation(), null);
      assert.deepEqual(memory.queue(), []);
    }
  });
});

test("the wait doubles to its limit, half of it chance", () => {
  assert.equal(backoff(0, () => 1), 1000);
  assert.equal(backoff(0, () => 0), 500);
  assert.equal(backoff(50, () => 1), 30_000);
});

test("a pause ends when it is woken or its owner ends", async () => {
  const pause = new Pause();
  const woken = pause.wait(Infinity);
  pause.wake();
  await woken;
  const end = new AbortController();
  const ended = pause.wait(Infinity, end.signal);
  end.abort();
  await ended;
  await pause.wait(Infinity, end.signal);
});

// ── sessions ──

describe("a session", () => {
  let town;
  const sessions = [];
  beforeEach(async () => { town = await new Town().start(); });
  afterEach(async () => {
    for (const each of sessions.splice(0)) each.end();
    await town.stop();
  });

  // Tabs of one device: one shelf, locks in turn, a channel that reaches the others later.
  function device() {
    const shelf = plainShelf();
    const queues = new Map();
    const tabs = [];
    let ids = 0;
    const prefix = Math.random().toString(36).slice(2, 10);
    const lock = (name, signal, run) => {
      const turn = (queues.get(name) ?? Promise.resolve()).then(() => (signal.aborted ? undefined : run()));
      queues.set(name, turn.catch(() => {}));
      return turn;
    };
    return {
      shelf,
      tab(api = new Api(town.url)) {
        const mine = { heard: () => {} };
        const session = new Session({
          api, commune: "99001", shelf, lock, now: () => 1000, random: () => 0, newId: () => `${prefix}-${String(++ids).padStart(4, "0")}`,
          channel: {
            post: (said) => { for (const tab of tabs) if (tab !== mine) queueMicrotask(() => tab.heard(structuredClone(said))); },
            listen: (heard) => (mine.heard = heard),
          },
        });
        tabs.push(mine);
        sessions.push(session);
        return session;
      },
    };
  }
  const texts = (session) => session.view.messages.map((each) => each.message.text);
  const settled = (session, count) => until(() => session.view.messages.length === count && !session.view.pending.length, `${count} messages`);

  test("asks nothing and keeps nothing before the first message", async () => {
    const { shelf, tab } = device();
    const asked = town.asked.length;
    await tab().show();
    assert.equal(town.asked.length, asked);
    assert.deepEqual(shelf.keys(), []);
  });

  test("says what it refuses by itself", () => {
    const session = device().tab(new Api("http://127.0.0.1:1"));
    assert.equal(session.say(" \n "), "empty");
    assert.equal(session.say("é".repeat(kTextBytes / 2 + 1)), "too_long");
    for (let i = 0; i < kOutbox; ++i) assert.equal(session.say(`m${i}`), "sent");
    assert.equal(session.say("trop"), "too_many");
    session.end();
  });

  for (const [name, how] of [["before it was stored", { cut: "before" }], ["after it was stored", { cut: "after" }]])
    test(`a connection cut ${name}: sent again under its id, stored once`, async () => {
      const session = device().tab();
      const stored = town.stored;
      town.fail(/POST .*messages/, how);
      await session.show();
      session.say(`robot ? ${name}`);
      await settled(session, 2);
      assert.equal(town.stored, stored + 1);
      assert.deepEqual(texts(session)[0], `robot ? ${name}`);
      assert.equal(new Set(town.posts.filter((each) => each.text === `robot ? ${name}`).map((each) => each.id)).size, 1);
    });

  test("503 with Retry-After is obeyed, within a limit; a stream that opens does not hurry it", async () => {
    const waits = [];
    const wait = Pause.prototype.wait;
    Pause.prototype.wait = function (ms, signal) { waits.push(ms); return wait.call(this, ms, signal); };
    try {
      const session = device().tab();
      town.fail(/POST .*messages/, { status: 503, after: 100_000 });
      await session.show();
      session.say("horaires");
      await until(() => session.view.link === "busy" && town.streams > 0);
      assert.ok(waits.includes(kLongestRetryAfter));
      assert.equal(session.view.pending[0].state, "waiting");
      session.retry();
      await settled(session, 2);
      assert.equal(session.view.link, "calm");
    } finally {
      Pause.prototype.wait = wait;
    }
  });

  test("order is kept across failures", async () => {
    const session = device().tab();
    town.fail(/POST/, { cut: "before" }, 2);
    await session.show();
    for (const text of ["un", "deux", "trois"]) session.say(text);
    await settled(session, 6);
    assert.deepEqual(texts(session).filter((_, i) => i % 2 === 0), ["un", "deux", "trois"]);
  });

  test("a reload in the middle: what was not acknowledged goes, once", async () => {
    const { tab } = device();
    const first = tab();
    await first.show();
    const stored = town.stored;
    let release;
    town.fail(/POST .*messages/, { hold: new Promise((resolve) => (release = resolve)), cut: "after" });
    first.say("poubelle");
    await until(() => town.asked.some((each) => each.endsWith("/messages")));
    first.end();
    release();
    const second = tab();
    assert.equal(second.view.pending.length, 1);
    await second.show();
    await settled(second, 2);
    assert.equal(town.stored, stored + 1);
  });

  test("refused: said with the reason, sent anew under another id, or withdrawn", async () => {
    const session = device().tab();
    await session.show();
    town.fail(/POST .*messages/, { status: 409 });
    session.say("robot");
    await until(() => session.view.pending[0]?.state === "refused");
    const { id } = session.view.pending[0];
    session.retry();
    await settled(session, 2);
    assert.notEqual(session.view.messages[0].id, id);
    town.fail(/POST .*messages/, { status: 422 });
    session.say("robot");
    await until(() => session.view.pending[0]?.state === "refused");
    session.withdraw(session.view.pending[0].id);
    assert.equal(session.view.pending.length, 0);
  });

  test("a conversation that is gone: said, and the message opens another", async () => {
    const { tab } = device();
    const session = tab();
    await session.show();
    session.say("robot");
    await settled(session, 2);
    const old = session.conversation.id;
    town.conversations.delete(old);
    session.say("horaires");
    await until(() => session.view.messages.length === 2 && session.conversation && session.conversation.id !== old);
    assert.equal(texts(session)[0], "horaires");
    assert.ok(session.view.gone);
  });

  test("two tabs: one stream, one view, and the other takes over", async () => {
    const { tab } = device();
    const one = tab();
    const two = tab();
    await one.show();
    await two.show();
    const streams = town.streams;
    one.say("robot");
    await settled(one, 2);
    await settled(two, 2);
    await until(() => town.streams === streams + 1);
    two.say("horaires");
    await settled(one, 4);
    await settled(two, 4);
    assert.deepEqual(one.view.messages, two.view.messages);
    const conversation = town.conversations.get(one.conversation.id);
    assert.equal(conversation.streams.size, 1);
    one.end();
    town.push(conversation, "virtual_agent", answers.robot);  // told by whoever listens then
    await settled(two, 5);
    await until(() => conversation.streams.size === 1);
    town.push(conversation, "virtual_agent", answers.robot);
    await settled(two, 6);
    assert.equal(two.view.cursor, 6);
  });

  test("a server that restarts: the stream is taken up after what was read", async () => {
    const session = device().tab();
    await session.show();
    session.say("robot");
    await settled(session, 2);
    const conversation = town.conversations.get(session.conversation.id);
    await until(() => conversation.streams.size === 1);
    const { port } = town;
    await town.stop();
    town.push(conversation, "virtual_agent", answers.robot);
    await town.start(port);
    await settled(session, 3);
    assert.ok(town.asked.some((each) => each.endsWith("/events?after=2")));
    session.hide();
    await until(() => conversation.streams.size === 0);
  });

  test("erase: gone at the server, here and in the other tab; refused when the server did not answer", async () => {
    const { shelf, tab } = device();
    const one = tab();
    const two = tab();
    await one.show();
    await two.show();
    one.say("robot");
    await settled(two, 2);
    const { id } = one.conversation;
    town.fail(/DELETE/, { cut: "before" });
    assert.equal(await one.erase(), false);
    assert.equal(one.view.messages.length, 2);
    assert.equal(await one.erase(), true);
    await until(() => two.view.messages.length === 0);
    assert.deepEqual(shelf.keys(), []);
    assert.equal(town.conversations.has(id), false);
  });

  test("an answer that comes after the erasure is not shown", async () => {
    const session = device().tab();
    await session.show();
    session.say("robot");
    await settled(session, 2);
    let release;
    town.fail(/POST .*messages/, { hold: new Promise((resolve) => (release = resolve)) });
    session.say("horaires");
    await until(() => session.view.pending.length === 1 && town.asked.filter((each) => each.endsWith("/messages")).length === 2);
    assert.equal(await session.erase(), true);
    release();
    session.say("poubelle");  // goes when the other is over
    await settled(session, 2);
    assert.equal(texts(session)[0], "poubelle");
    assert.equal(session.view.gone, false);
  });

  test("feedback and transcript", async () => {
    const session = device().tab();
    assert.equal(await session.transcript("text/plain"), null);
    await session.show();
    session.say("horaires");
    await settled(session, 2);
    assert.equal(await session.judge(2, "not_my_case"), true);
    assert.equal(session.view.messages[1].verdict, "not_my_case");
    assert.match(await (await session.transcript("text/plain")).value.text(), /horaires/);
    const { value: pdf } = await session.transcript("application/pdf");
    assert.equal(pdf.type, "application/pdf");
    assert.match(await pdf.text(), /^%PDF-/);
    town.fail(/feedback/, { status: 500 });
    assert.equal(await session.judge(2, "useful"), false);
  });
});

describe("a document", () => {
  let town, conversation, shelf, waits;
  beforeEach(async () => {
    town = await new Town().start();
    conversation = await (await fetch(`${town.url}/api/v1/conversations`, { method: "POST", body: "{}" })).json();
    shelf = plainShelf();
    waits = [];
  });
  afterEach(() => town.stop());
  const asked = answers.document.procedure.files;
  // No wait is waited for: each is written down.
  const uploads = () => new Uploads({
    api: new Api(town.url), conversation, procedure: "occupation-domaine-public", asked, shelf, random: () => 1,
    pause: { wait: async (ms) => void waits.push(ms) } });
  const bytes = Uint8Array.from({ length: 1_300_000 }, (_, i) => (i * 7) % 251);
  const file = (name = "plan.pdf", parts = [bytes]) => new File(parts, name, { type: "application/pdf", lastModified: 1 });
  const quiet = new AbortController().signal;
  const kept = () => [...town.pieces.values()];
  const send = async (...how) => {
    const told = [];
    const piece = await uploads().send(file(...how), "", (at, halt) => told.push(halt || at), quiet);
    return { piece, told };
  };

  test("goes in slices, and its progress is told", async () => {
    const { piece, told } = await send("plan du lieu, été.pdf");
    assert.equal(piece.state, "kept");
    assert.equal(piece.name, "plan du lieu, été.pdf");
    assert.equal(piece.field, "plan_lieu");
    assert.deepEqual([...new Set(told)], [0, 1 << 19, 1 << 20, bytes.length]);
    assert.deepEqual(new Uint8Array(kept()[0].content), bytes);
    assert.deepEqual(shelf.keys(), []);
  });

  test("is whole and once, wherever the network ends", async () => {
    for (const match of [/POST .*files/, /PATCH/, /GET .*files\/./])
      for (const how of [{ cut: "before" }, { cut: "after" }, { status: 503, after: 7 }, { status: 429 }]) {
        town.pieces.clear();
        town.fail(match, how, 2);
        const { piece, told } = await send();
        assert.equal(piece.state, "kept", `${match} ${JSON.stringify(how)}`);
        // An upload whose beginning was answered to nobody stays empty, and ends by itself.
        const whole = kept().filter((each) => each.state === "kept");
        assert.equal(whole.length, 1);
        assert.deepEqual(new Uint8Array(whole[0].content), bytes);
        assert.ok(told.includes("lost") || told.includes("busy") || how.cut === "after", `${match} ${JSON.stringify(how)}`);
        town.clear();
      }
    assert.ok(waits.some((each) => each >= 7000));  // as the server asked
  });

  test("goes on where it stood when the page was left", async () => {
    const end = new AbortController();
    await assert.rejects(uploads().send(file(), "", (at) => at >= 1 << 19 && end.abort(), end.signal));
    assert.equal(kept()[0].content.length, 1 << 19);
    const before = town.asked.length;
    await send();
    assert.equal(kept().length, 1);
    assert.deepEqual(new Uint8Array(kept()[0].content), bytes);
    assert.ok(!town.asked.slice(before).some((each) => each.startsWith("POST")));
  });

  test("what the server refuses is not sent again, and says why", async () => {
    await assert.rejects(send("plein.pdf"), (why) => why instanceof Refused && /40 fichiers/.test(why.message));
    assert.equal(town.asked.filter((each) => each.startsWith("POST") && each.includes("files")).length, 1);
    const { piece } = await send("refusé.pdf");
    assert.equal(piece.state, "refused");
    assert.match(piece.said, /abîmé/);
  });

  test("its date goes with it; a question has its own files; one is taken back", async () => {
    await uploads().send(file(), "2026-11-02", () => {}, quiet);
    assert.equal(kept()[0].dated, "2026-11-02");
    town.pieces.set("b", { ...kept()[0], id: "b", field: "other" });
    const [piece, ...others] = await uploads().list();
    assert.equal(others.length, 0);
    assert.ok(await uploads().remove(piece));
    assert.deepEqual(await uploads().list(), []);
    town.fail(/DELETE|GET .*files/, { status: 503 }, 2);
    assert.equal(await uploads().remove(piece), false);
    assert.equal(await uploads().list(), null);
  });
});

// One citizen's conversation on one device, in any number of tabs. What is written is kept before it
// is sent, and sent under an id of its own until the server has answered: no loss of network, reload
// or restart loses or doubles it. Tabs share the shelf (what is kept), two locks (who sends, who
// listens) and a channel (what was heard).
import { Api, type Kept, type Outcome, type Sent } from "./api.ts";
import { kOutbox, kPage, kPages, kTextBytes, kTries } from "./limits.ts";
import { Memory, type Shelf } from "./memory.ts";
import { backoff, Pause } from "./pause.ts";
import { follow } from "./stream.ts";
import type { Conversation, Message, Pending, Verdict } from "./types.ts";
import { apply, empty, type View, type ViewEvent } from "./view.ts";

// Runs alone among the tabs; rejects or returns early when the signal is aborted before its turn.
export type Lock = (name: string, signal: AbortSignal, run: () => Promise<void>) => Promise<void>;

export interface Channel {
  post(said: Shared): void;
  listen(heard: (said: Shared) => void): void;
}

// What a tab tells the others. from: where its reader stood before `messages` of the stream.
export type Shared =
  | { kind: "messages"; messages: Message[]; from?: number; upTo?: number }
  | { kind: "queued"; pending: Pending }
  | { kind: "state"; id: string; state: Pending["state"]; problem?: string }
  | { kind: "withdrawn"; id: string }
  | { kind: "verdict"; seq: number; verdict: Verdict }
  | { kind: "began"; conversation: Conversation }  // storage may tell later than the channel
  | { kind: "retry" }
  | { kind: "gone" }
  | { kind: "erased" };

export interface World {
  api: Api;
  commune: string;
  shelf: Shelf;
  lock: Lock;
  channel: Channel;
  now: () => number;
  newId: () => string;  // 8 to 64 of [A-Za-z0-9_-]
  random: () => number;
}

export type Said = "sent" | "empty" | "too_long" | "too_many";

export class Session {
  view: View = empty;
  private readonly world: World;
  private readonly memory: Memory;
  private readonly pause = new Pause();
  private readonly name: string;
  private readonly ended = new AbortController();
  private watchers = new Set<(view: View) => void>();
  private open: AbortController | null = null;
  private following = "";
  private flushing = false;
  private told: Conversation | null = null;  // by another tab

  constructor(world: World) {
    this.world = world;
    this.name = `parvis:${world.commune}`;
    this.memory = new Memory(world.shelf, this.name, world.now());
    for (const pending of this.memory.queue())
      this.tell({ type: "queued", pending: { ...pending, state: pending.state === "refused" ? "refused" : "waiting" } });
    world.channel.listen((said) => void this.hear(said));
  }

  watch(watcher: (view: View) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  get conversation(): Conversation | null {
    return this.memory.conversation() ?? this.told;
  }

  // Reads what was said before, sends what waits, and listens until hide().
  async show(): Promise<void> {
    if (this.open) return;
    this.open = new AbortController();
    await this.catchUp();
    this.listen();
    void this.flush();
  }

  hide() {
    this.open?.abort();
    this.open = null;
    this.following = "";
  }

  end() {
    this.hide();
    this.ended.abort();
  }

  say(text: string, choice?: string): Said {
    const said = text.trim();
    if (!said) return "empty";
    if (new TextEncoder().encode(said).length > kTextBytes) return "too_long";
    if (this.view.pending.length >= kOutbox) return "too_many";
    const last = this.view.pending[this.view.pending.length - 1];
    const pending: Pending = {
      id: this.world.newId(), text: said, at: Math.max(this.world.now(), (last?.at ?? 0) + 1), state: "sending",
      ...(choice === undefined ? {} : { choice }),
    };
    this.memory.put(pending, this.world.now());
    this.share({ kind: "queued", pending });
    void this.flush();
    return "sent";
  }

  // The person asks. What was refused goes as a new message: the server has nothing under its id,
  // or something else.
  retry() {
    for (const each of this.view.pending)
      if (each.state === "refused") {
        this.withdraw(each.id);
        this.say(each.text, each.choice);
      }
    this.share({ kind: "retry" });
    void this.flush();
  }

  withdraw(id: string) {
    this.memory.done(id);
    this.share({ kind: "withdrawn", id });
  }

  offline() {
    this.tell({ type: "link", link: "lost" });
  }

  online() {
    this.tell({ type: "link", link: "calm" });
    this.share({ kind: "retry" });
    void this.flush();
  }

  async judge(seq: number, verdict: Verdict): Promise<boolean> {
    const conversation = this.conversation;
    if (!conversation) return false;
    const done = await this.world.api.feedback(conversation, seq, verdict);
    if (done.kind === "ok") this.share({ kind: "verdict", seq, verdict });
    return done.kind === "ok";
  }

  async transcript(type: Kept): Promise<Outcome<Blob> | null> {
    const conversation = this.conversation;
    return conversation && await this.world.api.transcript(conversation, type);
  }

  // True once nothing is left, here and at the server.
  async erase(): Promise<boolean> {
    const conversation = this.conversation;
    if (conversation) {
      const done = await this.world.api.erase(conversation);
      if (done.kind !== "ok" && done.kind !== "gone") return false;
    }
    this.share({ kind: "erased" });
    return true;
  }

  // ── the fold, and the other tabs ──

  private tell(event: ViewEvent) {
    const before = this.view;
    this.view = apply(before, event);
    if (this.view !== before) for (const watcher of this.watchers) watcher(this.view);
  }

  private share(said: Shared) {
    this.world.channel.post(said);
    void this.hear(said);
  }

  private async hear(said: Shared) {
    switch (said.kind) {
      case "messages": {
        const gap = said.from !== undefined && said.from > this.view.cursor;
        this.tell({ type: "messages", messages: said.messages, upTo: gap ? undefined : said.upTo });
        if (gap) await this.catchUp();
        return;
      }
      case "queued":
        return this.tell({ type: "queued", pending: said.pending });
      case "state":
        return this.tell({ type: "state", id: said.id, state: said.state, problem: said.problem });
      case "withdrawn":
        return this.tell({ type: "withdrawn", id: said.id });
      case "verdict":
        return this.tell({ type: "verdict", seq: said.seq, verdict: said.verdict });
      case "began":
        this.told = said.conversation;
        return this.listen();
      case "retry":
        return this.pause.wake();
      case "gone":
      case "erased":
        if (said.kind === "erased") this.memory.forget();
        this.told = null;
        this.following = "";
        return this.tell({ type: said.kind });
    }
  }

  private forgetConversation(id: string) {
    if (this.conversation?.id !== id) return;  // erased here, or begun anew
    this.memory.drop(id);
    this.share({ kind: "gone" });
  }

  // ── reading ──

  private async catchUp() {
    const conversation = this.conversation;
    if (!conversation) return;
    for (let pages = 0; pages < kPages; ++pages) {
      const page = await this.world.api.page(conversation, this.view.cursor);
      if (page.kind === "gone") return this.forgetConversation(conversation.id);
      if (page.kind !== "ok") return this.fell(page);
      const { messages } = page.value;
      this.reached();
      this.settle(messages, messages[messages.length - 1]?.seq);
      if (messages.length < kPage) return;
    }
  }

  // The network is there: what waits for it need not wait longer. What the server asked to send
  // later ("busy") still waits.
  private reached() {
    if (this.view.link !== "lost") return;
    this.tell({ type: "link", link: "calm" });
    this.pause.wake();
  }

  private fell(outcome: Outcome<unknown>) {
    if (outcome.kind === "later") this.tell({ type: "link", link: outcome.link });
  }

  // Messages that the server has: no longer kept here.
  private settle(messages: Message[], upTo?: number) {
    for (const each of messages) if (each.author === "citizen") this.memory.done(each.id);
    this.tell({ type: "messages", messages, upTo });
  }

  // One tab listens for all; when it closes, the next takes over where it stands.
  private listen() {
    const conversation = this.conversation;
    const open = this.open;
    if (!conversation || !open || this.following === conversation.id) return;
    this.following = conversation.id;
    const still = () => !open.signal.aborted && this.following === conversation.id;
    const stop = new AbortController();
    const unwatch = this.watch(() => { if (!still()) stop.abort(); });
    open.signal.addEventListener("abort", () => stop.abort());
    this.world.lock(`${this.name}:listen`, stop.signal, () => follow({
      api: this.world.api, conversation, pause: this.pause, random: this.world.random, signal: stop.signal,
      cursor: () => this.view.cursor,
      onMessage: (message) => {
        const from = this.view.cursor;
        this.settle([message], message.seq);
        this.world.channel.post({ kind: "messages", messages: [message], from, upTo: message.seq });
      },
      onLink: (link) => {
        if (link === "lost") this.tell({ type: "link", link });
        else if (link === "calm") this.reached();
      },
      onGone: () => this.forgetConversation(conversation.id),
    })).catch(() => {}).finally(unwatch);
  }

  // ── sending ──

  private async flush() {
    if (this.flushing) return;
    this.flushing = true;
    try {
      await this.world.lock(`${this.name}:send`, this.ended.signal, () => this.drain());
    } catch { /* this tab ends */ } finally {
      this.flushing = false;
    }
    if (!this.ended.signal.aborted && this.memory.queue().some((each) => each.state !== "refused")) void this.flush();
  }

  private async drain() {
    let failures = 0;
    for (;;) {
      const next = this.memory.queue().find((each) => each.state !== "refused");
      if (!next || this.ended.signal.aborted) return;
      this.share({ kind: "queued", pending: next });
      this.share({ kind: "state", id: next.id, state: "sending" });
      const outcome = await this.deliver(next);
      if (outcome.kind === "ok") {
        failures = 0;
        this.tell({ type: "link", link: "calm" });
        this.memory.done(next.id);
        const { message, reply, to } = outcome.value;
        if (to === this.conversation?.id)  // else erased meanwhile
          this.share({ kind: "messages", messages: reply ? [message, reply] : [message] });
      } else if (outcome.kind === "refused") {
        const refused = { ...next, state: "refused" as const, problem: outcome.detail };
        this.memory.put(refused, this.world.now());
        this.share({ kind: "state", id: next.id, state: "refused", problem: outcome.detail });
      } else if (outcome.kind === "later") {
        if (!this.memory.queue().some((each) => each.id === next.id)) continue;  // the stream told it arrived
        this.share({ kind: "state", id: next.id, state: "waiting" });
        this.tell({ type: "link", link: outcome.link });
        const wait = ++failures < kTries ? Math.max(outcome.wait, backoff(failures - 1, this.world.random)) : Infinity;
        await this.pause.wait(wait, this.ended.signal);
      } else if (++failures > 1) {  // gone: the same message opens a new conversation, at once only once
        await this.pause.wait(failures < kTries ? backoff(failures, this.world.random) : Infinity, this.ended.signal);
      }
    }
  }

  private async deliver(pending: Pending): Promise<Outcome<Sent & { to: string }>> {
    let conversation = this.conversation;
    if (!conversation) {
      const created = await this.world.api.create(this.world.commune);
      if (created.kind === "gone") return { kind: "later", link: "busy", wait: 0 };
      if (created.kind !== "ok") return created;
      conversation = created.value;
      this.memory.keep(conversation);
      this.share({ kind: "began", conversation: { id: conversation.id, token: conversation.token } });
    }
    const outcome = await this.world.api.send(conversation, pending);
    if (outcome.kind === "gone") this.forgetConversation(conversation.id);
    return outcome.kind === "ok" ? { kind: "ok", value: { ...outcome.value, to: conversation.id } } : outcome;
  }
}

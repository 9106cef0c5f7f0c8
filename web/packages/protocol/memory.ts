// What a device keeps of a conversation: its id and token, and what is not acknowledged yet, a key
// each, so that two tabs never write over one another. Nothing is written before the first message.
import { kForgetAfter } from "./limits.ts";
import type { Conversation, Pending } from "./types.ts";

export interface Shelf {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(): string[];
}

export function plainShelf(): Shelf {
  const kept = new Map<string, string>();
  return {
    get: (key) => kept.get(key) ?? null,
    set: (key, value) => void kept.set(key, value),
    remove: (key) => void kept.delete(key),
    keys: () => [...kept.keys()],
  };
}

function read<T>(text: string | null): T | null {
  try {
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

export class Memory {
  private readonly shelf: Shelf;
  private readonly name: string;

  constructor(shelf: Shelf, name: string, now: number) {
    this.shelf = shelf;
    this.name = name;
    const used = Number(shelf.get(`${name}:used`) ?? now);
    if (!(now - used < kForgetAfter)) this.forget();
  }

  conversation(): Conversation | null {
    const kept = read<Conversation>(this.shelf.get(this.name));
    return kept && typeof kept.id === "string" && typeof kept.token === "string" ? kept : null;
  }

  keep({ id, token }: Conversation) {
    this.shelf.set(this.name, JSON.stringify({ id, token }));
  }

  // Only this one: another tab may have begun anew.
  drop(id: string) {
    if (this.conversation()?.id === id) this.shelf.remove(this.name);
  }

  queue(): Pending[] {
    return this.shelf.keys()
      .filter((key) => key.startsWith(`${this.name}:out:`))
      .map((key) => read<Pending>(this.shelf.get(key)))
      .filter((each): each is Pending => typeof each?.id === "string" && typeof each.text === "string")
      .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  }

  put(pending: Pending, now: number) {
    this.shelf.set(`${this.name}:out:${pending.id}`, JSON.stringify(pending));
    this.shelf.set(`${this.name}:used`, String(now));
  }

  done(id: string) {
    this.shelf.remove(`${this.name}:out:${id}`);
  }

  forget() {
    for (const key of this.shelf.keys())
      if (key === this.name || key.startsWith(`${this.name}:`)) this.shelf.remove(key);
  }
}

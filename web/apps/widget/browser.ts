// What a browser lends to a session: storage, locks, a channel between tabs. Each may be refused
// (private windows, blocked third parties, old browsers); the conversation then lives in this tab.
import { plainShelf, type Shelf } from "../../packages/protocol/memory.ts";
import type { Channel, Lock, Shared } from "../../packages/protocol/session.ts";

export function shelf(of: "localStorage" | "sessionStorage"): Shelf {
  try {
    const storage = window[of];
    void storage.length;
    const spare = plainShelf();  // holds what the storage refuses
    return {
      get: (key) => spare.get(key) ?? storage.getItem(key),
      set(key, value) {
        try {
          storage.setItem(key, value);
          spare.remove(key);
        } catch {
          spare.set(key, value);
        }
      },
      remove(key) {
        spare.remove(key);
        storage.removeItem(key);
      },
      keys: () => [...new Set([...Object.keys(storage), ...spare.keys()])],
    };
  } catch {
    return plainShelf();
  }
}

// Without Web Locks each tab is alone: ids keep what it sends from being doubled, and each listens.
export function tabLock(): Lock {
  if (!navigator.locks) {
    const turns = new Map<string, Promise<void>>();
    return (name, signal, run) => {
      const turn = (turns.get(name) ?? Promise.resolve()).then(() => (signal.aborted ? undefined : run()));
      turns.set(name, turn.catch(() => {}));
      return turn;
    };
  }
  return async (name, signal, run) => {
    await navigator.locks.request(name, { signal }, run);
  };
}

export function tabChannel(name: string): Channel {
  try {
    const channel = new BroadcastChannel(name);
    return {
      post: (said) => channel.postMessage(said),
      listen: (heard) => channel.addEventListener("message", (event) => heard(event.data as Shared)),
    };
  } catch {
    return { post() {}, listen() {} };
  }
}

export const newId = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

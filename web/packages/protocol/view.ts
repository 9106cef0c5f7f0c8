// What is on the screen, as a fold: apply(view, event). Pure. A replayed, late or doubled event
// changes nothing, so a snapshot followed by its events is what a fresh reading gives, whichever of
// the answer to a POST, the stream and another tab tells first.
import type { Message, Pending, Verdict } from "./types.ts";

export type Link = "calm" | "lost" | "busy";  // busy: the server asked to come back later

export interface View {
  messages: readonly Message[];  // by seq
  pending: readonly Pending[];   // by time
  cursor: number;                // everything up to this seq was read, in order
  link: Link;
  gone: boolean;                 // the conversation that was here exists no more
}

export type ViewEvent =
  // upTo: set by a source that tells everything in order (the stream, a page).
  | { type: "messages"; messages: readonly Message[]; upTo?: number }
  | { type: "queued"; pending: Pending }
  | { type: "state"; id: string; state: Pending["state"]; problem?: string }
  | { type: "withdrawn"; id: string }
  | { type: "verdict"; seq: number; verdict: Verdict }
  | { type: "link"; link: Link }
  | { type: "gone" }
  | { type: "erased" };

export const empty: View = { messages: [], pending: [], cursor: 0, link: "calm", gone: false };

const bySeq = (a: Message, b: Message) => a.seq - b.seq;
const byTime = (a: Pending, b: Pending) => a.at - b.at || (a.id < b.id ? -1 : 1);

function merge(old: Message | undefined, told: Message): Message {
  if (old?.author !== "virtual_agent" || told.author !== "virtual_agent" || told.verdict) return told;
  return old.verdict ? { ...told, verdict: old.verdict } : told;
}

export function apply(view: View, event: ViewEvent): View {
  switch (event.type) {
    case "messages": {
      const known = new Map(view.messages.map((each) => [each.seq, each]));
      for (const told of event.messages) known.set(told.seq, merge(known.get(told.seq), told));
      const acknowledged = new Set(event.messages.map((each) => each.id));
      return {
        ...view,
        messages: [...known.values()].sort(bySeq),
        pending: view.pending.filter((each) => !acknowledged.has(each.id)),
        cursor: Math.max(view.cursor, event.upTo ?? 0),
      };
    }
    case "queued": {
      const { pending } = event;
      const there = [...view.messages, ...view.pending].some((each) => each.id === pending.id);
      return there ? view : { ...view, pending: [...view.pending, pending].sort(byTime) };
    }
    case "state":
      return {
        ...view,
        pending: view.pending.map((each) =>
          each.id === event.id ? { ...each, state: event.state, problem: event.problem } : each),
      };
    case "withdrawn":
      return { ...view, pending: view.pending.filter((each) => each.id !== event.id) };
    case "verdict":
      return {
        ...view,
        messages: view.messages.map((each) =>
          each.seq === event.seq && each.author === "virtual_agent" ? { ...each, verdict: event.verdict } : each),
      };
    case "link":
      return view.link === event.link ? view : { ...view, link: event.link };
    case "gone":
      return { ...empty, pending: view.pending, link: view.link, gone: true };
    case "erased":
      return { ...empty, link: view.link };
  }
}

// The lines of an answer: "- " starts an item, "1. " a step. Pure.
export type Block =
  | { kind: "p"; text: string }
  | { kind: "ul"; items: string[] }
  | { kind: "ol"; items: string[]; start: number };

export function blocks(text: string): Block[] {
  const out: Block[] = [];
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    const last = out[out.length - 1];
    const step = /^(\d{1,3})\. +(.*)$/.exec(line);
    if (line.startsWith("- ")) {
      const item = line.slice(2).trim();
      if (last?.kind === "ul") last.items.push(item);
      else out.push({ kind: "ul", items: [item] });
    } else if (step) {
      if (last?.kind === "ol") last.items.push(step[2]!);
      else out.push({ kind: "ol", items: [step[2]!], start: Number(step[1]) });
    } else if (line) {
      out.push({ kind: "p", text: line });
    }
  }
  return out;
}

// What a reader can follow in a line: web pages, e-mails, phone numbers of ten digits.
export type Span = { text: string; href?: string };

const kSpan =
  /(https?:\/\/[^\s<>"«»]+)|([\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(\b0[1-9](?:[ \u00a0\u202f.]?\d\d){4}\b)/g;

export function spans(line: string): Span[] {
  const out: Span[] = [];
  let at = 0;
  for (const match of line.matchAll(kSpan)) {
    let text = match[0];
    if (match[1]) text = text.replace(/[).,;:!?…]+$/, "");
    if (match.index > at) out.push({ text: line.slice(at, match.index) });
    out.push({ text, href: match[1] ? text : match[2] ? `mailto:${text}` : tel(text) });
    at = match.index + text.length;
  }
  if (at < line.length) out.push({ text: line.slice(at) });
  return out;
}

export const tel = (number: string) => `tel:${number.replace(/[^\d+]/g, "")}`;

// Only the web: whatever an answer carries, a link never runs a script.
export const web = (url: string | null) => (url && /^https?:\/\//i.test(url) ? url : null);

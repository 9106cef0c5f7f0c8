// The lines of a text/event-stream, as they come in pieces (HTML Standard, section 9.2.6).
import { kEventChars } from "./limits.ts";

export interface Heard {
  data: string;
  event: string;
  id: string;
}

// feed() takes the next piece of text. retry: the server's wish, in ms. Throws when one event
// exceeds its limit.
export function eventReader(onEvent: (heard: Heard) => void, onRetry: (ms: number) => void) {
  let rest = "";
  let data: string[] = [];
  let size = 0;
  let event = "";
  let id = "";
  const line = (text: string) => {
    if (text === "") {
      if (data.length) onEvent({ data: data.join("\n"), event: event || "message", id });
      data = [];
      size = 0;
      event = "";
      return;
    }
    const colon = text.indexOf(":");
    if (colon === 0) return;  // a ping
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(colon + 1).replace(/^ /, "");
    if (field === "data") {
      size += value.length;
      if (size > kEventChars) throw new Error("an event is too long");
      data.push(value);
    } else if (field === "event") event = value;
    else if (field === "id" && !value.includes("\0")) id = value;
    else if (field === "retry" && /^\d+$/.test(value)) onRetry(Number(value));
  };
  return (piece: string) => {
    rest += piece;
    if (rest.length > 2 * kEventChars) throw new Error("an event is too long");
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(rest);  // a CR that ends the piece may be half of CRLF
      if (!end) return;
      const text = rest.slice(0, end.index);
      rest = rest.slice(end.index + end[0].length);
      line(text);
    }
  };
}

// Follows a conversation from where its reader stands, for as long as it is told to: a stream that
// ends, breaks or falls silent is opened again after what was read.
import { failure, type Api } from "./api.ts";
import { kLongestWait, kSilence } from "./limits.ts";
import { backoff, type Pause } from "./pause.ts";
import { eventReader } from "./sse.ts";
import type { Conversation, Message } from "./types.ts";

export interface Follow {
  api: Api;
  conversation: Conversation;
  cursor: () => number;               // all before was read
  onMessage: (message: Message) => void;
  onLink: (link: "calm" | "lost" | "busy") => void;
  onGone: () => void;
  pause: Pause;
  random: () => number;
  signal: AbortSignal;
  silence?: number;
}

// Resolves when the signal is aborted or the conversation is gone. While a stream is refused the
// wait grows to kLongestWait and stays there: its limit is the panel being open.
export async function follow(f: Follow): Promise<void> {
  let failures = 0;
  while (!f.signal.aborted) {
    let wait = 0;  // what the server asked for
    const attempt = new AbortController();
    const stop = () => attempt.abort();
    f.signal.addEventListener("abort", stop);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(stop, f.silence ?? kSilence);
    };
    try {
      heard();
      const response = await f.api.stream(f.conversation, f.cursor(), attempt.signal);
      if (!response.ok || !response.body) {
        const why = await failure(response);
        if (why.kind === "gone") return f.onGone();
        if (why.kind === "later") wait = why.wait;
        f.onLink("busy");
        ++failures;
      } else {
        f.onLink("calm");
        failures = 0;
        const feed = eventReader(
          ({ data, event }) => {
            if (event === "message") f.onMessage(JSON.parse(data) as Message);
          },
          (ms) => (wait = Math.min(ms, kLongestWait)));
        const reader = response.body.getReader();
        const decoder = new TextDecoder();
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          heard();
          feed(decoder.decode(value, { stream: true }));
        }
      }
    } catch {
      if (f.signal.aborted) break;
      if (failures++ > 0) f.onLink("lost");  // one broken stream is not yet a lost network
    } finally {
      attempt.abort();
      clearTimeout(timer);
      f.signal.removeEventListener("abort", stop);
    }
    await f.pause.wait(Math.max(wait, failures ? backoff(failures - 1, f.random) : 100), f.signal);
  }
}

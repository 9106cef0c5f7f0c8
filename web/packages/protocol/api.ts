// The conversation resource over fetch. An outcome the caller branches on is a value: nothing here
// throws but the stream, which ends as streams do.
import { kLongestRetryAfter, kRequestTime } from "./limits.ts";
import type { components } from "./contract.ts";
import type { Conversation, Message, Pending, Verdict } from "./types.ts";

export type Outcome<T> =
  | { kind: "ok"; value: T }
  | { kind: "later"; link: "lost" | "busy"; wait: number }  // same id, later; wait in ms, 0: as you like
  | { kind: "gone" }                                        // erased, expired, or never ours
  | { kind: "refused"; status: number; detail: string };

export type Created = components["schemas"]["Begun"];
export type Sent = components["schemas"]["Exchange"];

const retryAfter = (response: Response) => {
  const seconds = Number(response.headers.get("Retry-After"));
  return seconds > 0 ? Math.min(seconds * 1000, kLongestRetryAfter) : 0;
};

export async function failure(response: Response): Promise<Outcome<never>> {
  const { status } = response;
  if (status === 401 || status === 404 || status === 410) return { kind: "gone" };
  if (status === 408 || status === 425 || status === 429 || status >= 500)
    return { kind: "later", link: "busy", wait: retryAfter(response) };
  let detail = "";
  try {
    detail = String((await response.json()).detail ?? "");
  } catch { /* a proxy's page */ }
  return { kind: "refused", status, detail };
}

export type Kept = "application/pdf" | "text/plain";  // what a citizen can keep of it

export class Api {
  readonly base: string;
  readonly fetch: typeof fetch;
  readonly time: number;

  // base: where /api stands, "" for this page's own server.
  constructor(base = "", use: typeof fetch = (...args) => fetch(...args), time = kRequestTime) {
    this.base = base;
    this.fetch = use;
    this.time = time;
  }

  create(commune: string) {
    return this.json<Created>("POST", "", undefined, commune ? { commune } : {});
  }

  send(to: Conversation, { id, text, choice }: Pending) {
    return this.json<Sent>("POST", "/messages", to, choice === undefined ? { id, text } : { id, text, choice });
  }

  page(of: Conversation, after: number) {
    return this.json<{ messages: Message[] }>("GET", `/events?after=${after}`, of);
  }

  feedback(of: Conversation, seq: number, verdict: Verdict) {
    return this.json<null>("POST", "/feedback", of, { seq, verdict });
  }

  erase(conversation: Conversation) {
    return this.json<null>("DELETE", "", conversation);
  }

  transcript(of: Conversation, type: Kept) {
    return this.ask("GET", "/transcript", of, undefined, type, (response) => response.blob());
  }

  // The open stream; the caller reads its body and aborts it.
  stream(of: Conversation, after: number, signal: AbortSignal): Promise<Response> {
    return this.fetch(this.url(of, `/events?after=${after}`), {
      headers: { Accept: "text/event-stream", Authorization: `Bearer ${of.token}` },
      credentials: "omit", cache: "no-store", signal,
    });
  }

  private url(of: Conversation | undefined, rest: string) {
    return `${this.base}/api/v1/conversations${of ? `/${encodeURIComponent(of.id)}` : ""}${rest}`;
  }

  private json<T>(method: string, rest: string, of?: Conversation, body?: unknown) {
    return this.ask<T>(method, rest, of, body, "application/json",
      async (response) => (response.status === 204 ? null : await response.json()) as T);
  }

  private async ask<T>(method: string, rest: string, of: Conversation | undefined, body: unknown, accept: string,
                       read: (response: Response) => Promise<T>): Promise<Outcome<T>> {
    const headers: Record<string, string> = { Accept: accept };
    if (of) headers.Authorization = `Bearer ${of.token}`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), this.time);
    try {
      const response = await this.fetch(this.url(of, rest), {
        method, headers, credentials: "omit", cache: "no-store", signal: controller.signal,
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      return response.ok ? { kind: "ok", value: await read(response) } : await failure(response);
    } catch {
      return { kind: "later", link: "lost", wait: 0 };  // no network, cut, too long, or half an answer
    } finally {
      clearTimeout(timer);
    }
  }
}

// Documents of the démarche that a conversation fills in, sent by the tus protocol: in slices, each
// kept by the server before the next; after a cut the upload goes on where it stands there. Knows
// of no page.
import { failure, type Api, type Outcome } from "./api.ts";
import type { components } from "./contract.ts";
import { kLooks, kLookWait, kSlice, kTries } from "./limits.ts";
import type { Shelf } from "./memory.ts";
import { backoff, type Pause } from "./pause.ts";
import type { Asked, Conversation } from "./types.ts";

export type Piece = components["schemas"]["File"];

// Why an upload stands still; it goes on by itself.
export type Halt = "" | "lost" | "busy";

export class Refused extends Error {}  // in words, for the citizen; the same again is refused again

export interface UploadsWorld {
  api: Api;
  conversation: Conversation;
  procedure: string;
  asked: Asked;
  shelf: Shelf;  // where an upload is, for the same file chosen again after the page was left
  pause: Pause;
  random: () => number;
}

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const kTus = { "Tus-Resumable": "1.0.0" };

export class Uploads {
  private readonly world: UploadsWorld;
  private readonly base: string;

  constructor(world: UploadsWorld) {
    this.world = world;
    this.base = `/api/v1/conversations/${world.conversation.id}/drafts/${encodeURIComponent(world.procedure)}/${world.asked.number}/files`;
  }

  // Those of the question, refused ones too. Null: not now.
  async list(): Promise<Piece[] | null> {
    try {
      const response = await this.ask("GET", this.base, { Accept: "application/json" });
      if (!response.ok) return null;
      const { files } = await response.json() as { files: Piece[] };
      return files.filter((each) => each.field === this.world.asked.question && each.state !== "receiving");
    } catch {
      return null;
    }
  }

  async remove(piece: Piece): Promise<boolean> {
    try {
      const response = await this.ask("DELETE", `${this.base}/${piece.id}`, kTus);
      return response.ok || response.status === 404;
    } catch {
      return false;
    }
  }

  // As it stands once it is looked at. Throws Refused, or when `signal` ends it.
  async send(file: File, dated: string, told: (bytes: number, halt: Halt) => void, signal: AbortSignal): Promise<Piece> {
    const { shelf, pause, random, asked } = this.world;
    const key = `parvis:piece:${this.base}:${asked.question}:${file.name}:${file.size}:${file.lastModified}`;
    let at = 0;
    for (let failed = 0; ;) {
      try {
        let url = shelf.get(key);
        if (url) {
          const stands = await this.ask("HEAD", url, kTus, undefined, signal);
          if (stands.ok) at = Number(stands.headers.get("Upload-Offset"));
          else if (stands.status === 404) url = null;
          else throw await this.why(stands);
        }
        if (!url) {
          const metadata = [["filename", file.name], ["field", asked.question], ...(dated ? [["dated", dated]] : [])]
            .map(([name, value]) => `${name} ${base64(value!)}`).join(",");
          const begun = await this.ask("POST", this.base,
            { ...kTus, "Upload-Length": String(file.size), "Upload-Metadata": metadata }, undefined, signal);
          if (!begun.ok) throw await this.why(begun);
          url = begun.headers.get("Location")!;
          shelf.set(key, url);
          at = 0;
        }
        // The last slice again when its answer was lost: it may be empty, and has it looked at.
        for (let piece = at < file.size ? null : await this.at(url, signal); ;) {
          if (piece && piece.state !== "receiving") {
            for (let looks = 0; piece.state === "checking" && looks < kLooks; ++looks) {
              await pause.wait(kLookWait, signal);
              piece = await this.at(url, signal);
            }
            shelf.remove(key);
            return piece;
          }
          told(at, "");
          const sent = await this.ask("PATCH", url,
            { ...kTus, "Upload-Offset": String(at), "Content-Type": "application/offset+octet-stream" },
            file.slice(at, at + kSlice), signal);
          if (!sent.ok) throw await this.why(sent);
          at = Number(sent.headers.get("Upload-Offset"));
          failed = 0;
          told(at, "");
          piece = at < file.size ? null : await this.at(url, signal);
        }
      } catch (error) {
        if (error instanceof Refused) shelf.remove(key);
        if (error instanceof Refused || signal.aborted || ++failed >= kTries) throw error;
        const later = error as Partial<Extract<Outcome<never>, { kind: "later" }>>;
        told(at, later.link ?? "lost");
        await pause.wait(Math.max(later.wait ?? 0, backoff(failed - 1, random)), signal);
      }
    }
  }

  private async at(url: string, signal: AbortSignal): Promise<Piece> {
    const response = await this.ask("GET", url, { Accept: "application/json" }, undefined, signal);
    if (!response.ok) throw await this.why(response);
    return await response.json() as Piece;
  }

  // Refused; or what says when to try again: 409 is an offset that is not where we thought.
  private async why(response: Response): Promise<unknown> {
    const outcome = await failure(response);
    if (outcome.kind === "later") return outcome;
    if (response.status === 409 && response.headers.get("Tus-Resumable")) return { link: "lost", wait: 0 };
    return new Refused(outcome.kind === "refused" ? outcome.detail : "");
  }

  private ask(method: string, path: string, headers: Record<string, string>, body?: Blob, signal?: AbortSignal) {
    const { api, conversation } = this.world;
    return api.fetch(api.base + path, {
      method, headers: { ...headers, Authorization: `Bearer ${conversation.token}` },
      credentials: "omit", cache: "no-store", body, signal,
    });
  }
}

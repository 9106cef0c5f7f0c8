// The town's name, colour and welcome, from the frame's own server. Without them the chat works
// all the same, under the general words.
import { texts } from "../../packages/ui/texts.ts";

export interface Town {
  town: string;
  commune: string;
  hello: string;    // says that it is a machine
  welcome: string;
  open: boolean | null;  // its town hall, now
  openWords: string;
}

export const unknownTown: Town = {
  town: texts.town, commune: "", hello: texts.hello, welcome: texts.welcome, open: null, openWords: "",
};

interface Config {
  town?: string;
  commune_name?: string;
  accent?: string;
  welcome?: string;
  open?: boolean | null;
  open_words?: string | null;
}

export async function town(commune: string): Promise<Town | null> {
  try {
    const response = await fetch(`config.json${commune && `?commune=${encodeURIComponent(commune)}`}`, { credentials: "omit" });
    if (!response.ok) return null;
    const config = (await response.json()) as Config;
    wear(config.accent ?? "");
    return {
      town: config.town || texts.town, commune: config.commune_name ?? "", ...greeting(config.welcome ?? ""),
      open: config.open ?? null, openWords: config.open_words ?? "",
    };
  } catch {
    return null;
  }
}

// The first sentence says that it is a machine, in the town's words when they do.
export function greeting(welcome: string): { hello: string; welcome: string } {
  const said = welcome.trim();
  if (!said) return { hello: texts.hello, welcome: texts.welcome };
  if (!/automatique|robot|programme/i.test(said)) return { hello: texts.hello, welcome: said };
  const end = /automatique[^.!?]*[.!?]|[^]$/.exec(said)!;
  const cut = end.index + end[0].length;
  return { hello: said.slice(0, cut).trim(), welcome: said.slice(cut).trim() };
}

// The plaque keeps the exact colour; black or white on it, whichever is legible (4.6 or more).
function wear(accent: string) {
  if (!/^#[\da-f]{6}$/i.test(accent)) return;
  const linear = (at: number) => {
    const c = parseInt(accent.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  const light = 0.2126 * linear(1) + 0.7152 * linear(3) + 0.0722 * linear(5);
  document.documentElement.style.setProperty("--tenant", accent);
  document.documentElement.style.setProperty("--on-tenant", light > 0.179 ? "#000" : "#fff");
}

// Whence an answer comes: each page once, with its date. A town's text without a page of its own is
// shown where it stands.
import { web } from "../protocol/lines.ts";
import type { Citation } from "../protocol/types.ts";
import { Away, Rich } from "./rich.tsx";
import { texts } from "./texts.ts";

const kDate = new Intl.DateTimeFormat("fr-FR", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

export function date(civil: string | null): string {
  const at = civil ? Date.parse(`${civil}T00:00:00Z`) : NaN;
  return Number.isNaN(at) ? "" : kDate.format(at).replace(/^1 /, "1er ");
}

// Pages in the order they are cited; a section is named when one alone is cited of its page.
export function pages(citations: readonly Citation[]) {
  const found = new Map<string, { first: Citation; sections: Set<string> }>();
  for (const each of citations) {
    const key = each.url ?? `${each.id} ${each.title}`;
    const page = found.get(key) ?? { first: each, sections: new Set() };
    page.sections.add(each.section);
    found.set(key, page);
  }
  return [...found.values()].map(({ first, sections }) =>
    ({ ...first, section: sections.size === 1 ? first.section : "" }));
}

export const name = (source: Citation) =>
  [source.title, source.section && `«\u202f${source.section}\u202f»`, date(source.updated)].filter(Boolean).join(", ");

const Source = ({ source }: { source: Citation }) => {
  const url = web(source.url);
  return url ? <Away href={url}>{name(source)}</Away> : (
    <details><summary>{name(source)}</summary><blockquote><Rich text={source.passage} /></blockquote></details>
  );
};

export function Sources({ citations }: { citations: readonly Citation[] }) {
  const list = pages(citations);
  if (!list.length) return null;
  return (
    <div class="src" lang="fr" dir="ltr">
      <p class="meta">{list.length > 1 ? texts.sources : texts.source}</p>
      {list.length > 1 ? <ol>{list.map((each) => <li><Source source={each} /></li>)}</ol> : <Source source={list[0]!} />}
    </div>
  );
}

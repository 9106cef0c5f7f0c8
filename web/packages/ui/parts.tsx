// What is not read first, a disclosure each; past kShown, the others wait behind one more, so that
// an answer with twenty parts still fits a phone.
import type { Answer, Part } from "../protocol/types.ts";
import { Rich } from "./rich.tsx";
import { pages } from "./sources.tsx";
import { texts } from "./texts.ts";

const kShown = 4;

export function Parts({ answer }: { answer: Answer }) {
  const several = pages(answer.citations).length > 1;
  const one = (part: Part) => {
    const source = several && part.citation !== null ? answer.citations[part.citation] : undefined;
    return (
      <details>
        <summary><span dir="auto">{part.title}</span></summary>
        <div class="part">
          <Rich text={part.text} />
          {source && <p class="meta">{texts.partSource} {source.title}</p>}
        </div>
      </details>
    );
  };
  if (!answer.more.length) return null;
  const rest = answer.more.length > kShown + 1 ? answer.more.slice(kShown) : [];
  return (
    <div class="parts">
      {answer.more.slice(0, rest.length ? kShown : undefined).map(one)}
      {rest.length > 0 && <details><summary>{texts.rest(rest.length)}</summary><div class="part parts">{rest.map(one)}</div></details>}
    </div>
  );
}

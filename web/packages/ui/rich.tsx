// The text of an answer: paragraphs, lists as lists, steps as ordered lists, links to follow.
import { blocks, spans } from "../protocol/lines.ts";
import { texts } from "./texts.ts";

// A page opens beside the conversation, never in its place; the words say so to those who cannot see it.
export const Away = ({ href, children }: { href: string; children: preact.ComponentChildren }) => (
  <a href={href} target="_blank" rel="noopener noreferrer">{children}<span class="vh">{texts.opens}</span></a>
);

const Line = ({ text }: { text: string }) => (
  <>{spans(text).map(({ text: words, href }) =>
    !href ? words
    : href.startsWith("http") ? <Away href={href}>{words}</Away>
    : <a href={href} class={href.startsWith("tel:") ? "nb" : ""}>{words}</a>)}</>
);

// lead: what of a paragraph the eye must find first.
const Words = ({ text, lead }: { text: string; lead?: RegExp }) => {
  const found = lead?.exec(text);
  if (!found) return <Line text={text} />;
  const end = found.index + found[0].length;
  return <><Line text={text.slice(0, found.index)} /><strong>{found[0]}</strong><Line text={text.slice(end)} /></>;
};

export const Rich = ({ text, lead }: { text: string; lead?: RegExp }) => (
  <>{blocks(text).map((block) =>
    block.kind === "p" ? <p><Words text={block.text} lead={lead} /></p>
    : block.kind === "ul" ? <ul>{block.items.map((item) => <li><Line text={item} /></li>)}</ul>
    : <ol start={block.start}>{block.items.map((item) => <li><Line text={item} /></li>)}</ol>)}</>
);

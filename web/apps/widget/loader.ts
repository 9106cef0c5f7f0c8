// One tag on any page:
//   <script src="https://TOWN/widget.js" data-commune="99001" async></script>
// Optional: data-accent="#0b5563" (the button's colour), data-label (its words).
//
// It draws a button and, when that is pressed, a frame of the town's own server. Until then it asks
// nothing and stores nothing. The page keeps its rules: no inline style or script (a constructed
// sheet passes a strict style-src), nothing global but the element <parvis-chat>, whose closed root
// the page's style sheets do not reach. The page must allow the server in script-src and frame-src.
//
// Messages with the frame are three fixed words; origin and source are pinned both ways.
import { loader as texts } from "../../packages/ui/texts.ts";

const css = `
:host{all:initial!important;display:block!important;position:fixed!important;bottom:20px!important;inset-inline-end:20px!important;z-index:2147483647!important;font:medium/1.4 Verdana,sans-serif!important}
*{box-sizing:border-box;font:inherit}
.b{direction:ltr;position:relative;display:flex;gap:.65em;align-items:center;padding:.7em 1.2em;font-weight:700;font-size:1.125em;line-height:2em;background:var(--t);color:#fff;color:lab(from var(--t) calc((49.4 - l)*999) 0 0);border:2px solid var(--t);border-radius:7px;outline:2px solid #fff;cursor:pointer}
.b:after{content:"";position:absolute;inset:2px;border:1.5px solid;border-radius:4px}
.b:focus-visible{outline:3px solid #000;outline-offset:3px;box-shadow:0 0 0 3px #f0b13b}
[hidden]{display:none}
.b:before{content:"";width:1.2em;height:1.2em;background:currentColor;clip-path:polygon(0 0,100% 0,100% 75%,60% 75%,25% 100%,25% 75%,0 75%)}
dialog{position:fixed;inset:auto;bottom:20px;inset-inline-end:20px;width:26em;height:min(44em,100vh - 40px);max-width:none;max-height:none;padding:1em;border:0;margin:0;box-shadow:0 4px 24px #0004}
iframe{position:absolute;inset:0;width:100%;height:100%;border:0;visibility:hidden}
.r *{visibility:hidden}.r iframe{visibility:visible}
@media(max-width:30em),(max-height:30em){dialog{inset:0;width:100%;height:100%}}
@media print{:host{display:none!important}}
`;

const script = document.currentScript as HTMLScriptElement | null;
const name = "parvis-chat";
if (script && !document.querySelector(name)) {
  const { commune, accent = "", label = texts.button } = script.dataset;
  const page = new URL("widget/", script.src);
  if (commune) page.search = `commune=${commune}`;
  const small = matchMedia("(max-width:30em),(max-height:30em)");

  const host = document.createElement(name);
  host.lang = "fr";
  const root = host.attachShadow({ mode: "closed" });
  const make = <K extends keyof HTMLElementTagNameMap>(kind: K, into: Node, words = "") => {
    const element = document.createElement(kind);
    element.append(words);
    return into.appendChild(element);
  };
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];

  const button = make("button", root, label);
  button.className = "b";
  button.style.setProperty("--t", CSS.supports("color", accent) ? accent : "#0b5563");

  const dialog = make("dialog", root);
  let frame: HTMLIFrameElement | undefined;

  const tell = (word: string) => frame!.contentWindow!.postMessage(word, page.origin);
  const close = () => {
    dialog.close();
    tell("closed");
    button.hidden = false;
    button.focus();
  };
  // A phone shows nothing but the panel, so the page behind it is inert; beside a page, it is not.
  const show = () => {
    if (!dialog.open) small.matches ? dialog.showModal() : dialog.show();
    if (dialog.className) {
      frame!.focus();
      tell("opened");
    }
  };
  small.onchange = () => {
    if (!dialog.open) return;
    dialog.close();
    show();
  };
  dialog.onkeydown = (event) => {
    if (event.key === "Escape") close();
  };
  dialog.oncancel = (event) => {
    event.preventDefault();
    close();
  };
  button.onclick = () => {
    button.hidden = true;
    if (!dialog.className) {  // asked for the first time, or it never came
      dialog.replaceChildren();
      make("button", dialog, texts.close).onclick = close;
      const apart = make("a", make("p", dialog), texts.apart);
      apart.href = page.href;
      apart.target = "_blank";
      frame = make("iframe", dialog);
      dialog.ariaLabel = frame.title = texts.window;
      frame.referrerPolicy = "no-referrer";
      frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms allow-modals allow-downloads allow-popups allow-popups-to-escape-sandbox");
      frame.src = `${page.href}#${location.origin}`;
    }
    show();
  };

  addEventListener("message", ({ data, origin, source }) => {
    if (!frame || source !== frame.contentWindow || origin !== page.origin || !dialog.open) return;
    if (data === "close") close();
    else if (data === "ready") {
      dialog.className = "r";
      show();
    }
  });

  const place = () => document.body.append(host);
  if (document.body) place();
  else addEventListener("DOMContentLoaded", place);
}

// The framed chat: a session drawn by the parts of packages/ui. Also a page of its own.
import { render } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Api, type Kept } from "../../packages/protocol/api.ts";
import { Pause } from "../../packages/protocol/pause.ts";
import { Session, type Said } from "../../packages/protocol/session.ts";
import type { Message } from "../../packages/protocol/types.ts";
import { Uploads } from "../../packages/protocol/uploads.ts";
import type { View } from "../../packages/protocol/view.ts";
import { Choices } from "../../packages/ui/choices.tsx";
import { Composer } from "../../packages/ui/composer.tsx";
import { Confirm } from "../../packages/ui/confirm.tsx";
import { Files } from "../../packages/ui/files.tsx";
import { Icon } from "../../packages/ui/icons.tsx";
import { Menu } from "../../packages/ui/menu.tsx";
import { Searching, Turn, Waiting } from "../../packages/ui/message.tsx";
import { Rich } from "../../packages/ui/rich.tsx";
import { texts } from "../../packages/ui/texts.ts";
import { newId, shelf, tabChannel, tabLock } from "./browser.ts";
import { hostPage, type Host } from "./host.ts";
import { town, unknownTown, type Town } from "./town.ts";

const kSeen = 60;            // px of a message that suffice to notice it
const kDressing = 2_000;     // ms to wait for the town's name and the typeface, so that nothing moves when they come
const kQuickReply = 1_500;  // ms: a reply that comes sooner is not announced as awaited

const commune = new URLSearchParams(location.search).get("commune") ?? "";
const api = new Api();
const session = new Session({
  api, commune, shelf: shelf("localStorage"), lock: tabLock(), channel: tabChannel(`parvis:${commune}`),
  now: Date.now, newId, random: Math.random,
});

const waiting = new Pause();  // of uploads
const draftShelf = shelf("sessionStorage");
const draftKey = `parvis:${commune}:draft`;
const draft = {
  load: () => draftShelf.get(draftKey) ?? "",
  save: (text: string) => (text ? draftShelf.set(draftKey, text) : draftShelf.remove(draftKey)),
};

// What the citizen said after a message; null while it is their turn.
function takenAfter(view: View, at: number): string | null {
  const next = view.messages.slice(at + 1).find((each) => each.author === "citizen");
  return next ? (next.message as { text: string }).text : view.pending[0]?.text ?? null;
}

const lastOf = (messages: readonly Message[], author: Message["author"]) =>
  messages.reduce((last, each) => (each.author === author ? each.seq : last), -1);

const typeface = () =>
  Promise.all([400, 700].map((weight) => document.fonts.load(`${weight} 1em "Atkinson Hyperlegible"`))).catch(() => {});

function Chat({ host, opened }: { host: Host; opened: { run: () => void; shut: () => void } }) {
  const [view, setView] = useState(session.view);
  const [about, setAbout] = useState<Town>(unknownTown);
  const [dressed, setDressed] = useState(false);
  const [loading, setLoading] = useState(true);
  const [awaited, setAwaited] = useState(false);
  const [note, setNote] = useState("");
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState("");
  const [below, setBelow] = useState(false);  // something new, out of sight
  const field = useRef<HTMLTextAreaElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const log = useRef<HTMLDivElement>(null);
  const sendingFiles = useRef(false);

  // Whatever was said, and however: where one writes, which stays in sight. Not on a phone, where it
  // brings up the keys over what there is to read.
  const focus = (onPhone: typeof title | typeof log | null = title) =>
    (matchMedia("(pointer: coarse)").matches ? onPhone : field)?.current?.focus();

  useEffect(() => {
    const unwatch = session.watch(setView);
    setView(session.view);
    let named = false;
    opened.run = async () => {
      focus();
      if (!named) {
        const name = town(commune).then((told) => {
          if (!told) return;
          named = true;
          setAbout(told);
          document.title = `${texts.machine}, ${told.town}`;
        });
        const limit = new Promise((resolve) => setTimeout(resolve, kDressing));
        void Promise.race([Promise.all([name, typeface()]), limit]).then(() => setDressed(true));
      }
      await session.show();
      setLoading(false);
    };
    opened.shut = () => session.hide();
    const online = () => { session.online(); waiting.wake(); };
    const offline = () => session.offline();
    addEventListener("online", online);
    addEventListener("offline", offline);
    if (!navigator.onLine) offline();
    let folded: HTMLDetailsElement[] = [];  // a print shows all of it
    const unfold = () => (folded = [...document.querySelectorAll<HTMLDetailsElement>("details:not([open])")]).forEach((each) => (each.open = true));
    const fold = () => folded.forEach((each) => (each.open = false));
    addEventListener("beforeprint", unfold);
    addEventListener("afterprint", fold);
    const escape = (event: KeyboardEvent) => event.key === "Escape" && host.close();  // the menu and the question stop theirs
    addEventListener("keydown", escape);
    host.ready();
    return () => {
      unwatch();
      removeEventListener("online", online);
      removeEventListener("offline", offline);
      removeEventListener("beforeprint", unfold);
      removeEventListener("afterprint", fold);
      removeEventListener("keydown", escape);
    };
  }, []);

  useLayoutEffect(() => { if (dressed) focus(); }, [dressed]);  // what is not drawn takes no focus

  const lastMessage = view.messages[view.messages.length - 1];
  const searching = view.pending.some((each) => each.state === "sending")
    || (lastMessage?.author === "citizen" && view.pending.length === 0 && view.link === "calm");

  useEffect(() => {
    if (!searching) return setAwaited(false);
    const timer = setTimeout(() => setAwaited(true), kQuickReply);
    return () => clearTimeout(timer);
  }, [searching]);

  // What is new comes into sight, from its beginning, under its question when that is short; who reads
  // further up is left there, and told.
  const low = useRef(true);
  const turns = () => [...log.current!.querySelectorAll<HTMLElement>("[data-seq], .m--me")];
  const newestTurn = () => turns().pop();
  const inSight = (turn?: HTMLElement) =>
    !turn || turn.offsetTop <= log.current!.scrollTop + log.current!.clientHeight - kSeen;
  const shown = view.messages.length + view.pending.length;
  useLayoutEffect(() => {
    const box = log.current!;
    const [asked, newest] = [undefined, ...turns()].slice(-2);
    if (!low.current) return setBelow(!inSight(newest));
    const first = asked?.matches(".m--me") && newest!.offsetTop - asked.offsetTop < box.clientHeight / 4 ? asked : newest;
    const top = first && !loading ? first.offsetTop - 16 : Infinity;
    if (shown) box.scrollTop = Math.min(top, box.scrollHeight);
    if (shown && box.scrollHeight <= box.clientHeight) newest?.scrollIntoView({ block: "nearest" });  // the page scrolls
  }, [shown, searching, loading]);

  const look = () => {
    const box = log.current!;
    low.current = box.scrollHeight - box.scrollTop - box.clientHeight < 120;
    if (inSight(newestTurn())) setBelow(false);
  };
  useEffect(() => {
    addEventListener("resize", look);
    return () => removeEventListener("resize", look);
  }, []);

  const toNewest = () => {
    const newest = newestTurn();
    if (!newest) return;
    newest.tabIndex = -1;
    newest.focus({ preventScroll: true });
    log.current!.scrollTop = newest.offsetTop - 16;
    setBelow(false);
  };

  const say = (text: string, choice?: string): Said => {
    low.current = true;
    const early = sendingFiles.current && choice === "form/=";  // it would go on without them
    setNote(early ? texts.stillSending : "");
    return early ? "empty" : session.say(text, choice);
  };
  const download = async (type: Kept, file: string) => {
    setNote("");
    const done = await session.transcript(type);
    if (done?.kind !== "ok") return setNote((done?.kind === "refused" && done.detail) || texts.downloadFailed);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(done.value);
    link.download = file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };
  const erase = async () => {
    if (!await session.erase()) return setProblem(texts.eraseFailed);
    setAsking(false);
    draft.save("");
    setNote(texts.erased);
  };

  // Once the question is off the page (behind it nothing takes the focus): back to the menu, if there
  // is still one.
  const asked = useRef(false);
  useLayoutEffect(() => {
    if (asked.current && !asking) (document.querySelector<HTMLElement>("[aria-controls=menu]") ?? title.current)?.focus();
    asked.current = asking;
  }, [asking]);

  const lastBot = lastOf(view.messages, "virtual_agent");
  // The document that was asked for last: it stays while a question in between is answered.
  const answered = view.messages.find((each) => each.seq === lastBot);
  const mine = answered?.author === "virtual_agent" ? answered.message.procedure : null;
  const asksFile = mine?.files && mine.id && session.conversation ? `${session.conversation.id}/${mine.id}/${mine.files.number}/${mine.files.question}` : "";
  const uploads = useMemo(() => asksFile ? new Uploads({
    api: api, conversation: session.conversation!, procedure: mine!.id!, asked: mine!.files!, shelf: draftShelf,
    pause: waiting, random: Math.random,
  }) : null, [asksFile]);

  const person = lastMessage?.author === "agent";
  const begun = shown > 0;
  const bar = view.link === "lost" ? texts.lost : view.link === "busy" && view.pending.length ? texts.busy : null;
  return (
    <main class={dressed ? "chat" : "chat chat--bare"}>
      <div>
        <header>
          <div>
            <h1 tabIndex={-1} ref={title}>{about.town}</h1>
            <p><i class={person ? "sq sq--round" : "sq"} aria-hidden="true" />{person ? texts.person : texts.machine}</p>
          </div>
          {begun && <Menu items={[
            { label: texts.pdf, run: () => void download("application/pdf", `${texts.file}.pdf`) },
            { label: texts.plain, run: () => void download("text/plain", `${texts.file}.txt`) },
            { label: texts.print, run: () => print() },
            { label: texts.erase, run: () => { setProblem(""); setAsking(true); } },
          ]} />}
          {host.framed && <button class="iconbtn" type="button" aria-label={texts.reduce} onClick={() => host.close()}><Icon name="reduce" /></button>}
        </header>
        <div class="human">
          {about.commune && about.commune !== about.town && <span>{about.commune}</span>}
          {about.open !== null && (
            <span class={about.open ? "lamp" : "lamp lamp--off"}>{about.openWords || (about.open ? texts.open : texts.closed)}</span>
          )}
          <button type="button" onClick={() => say(texts.talkSays)}><Icon name="person" />{texts.talk}</button>
        </div>
        <div role="status">
          {bar && <p class="bar"><Icon name="cut" /><span><strong>{bar[0]}</strong> {bar[1]}</span></p>}
          {note && <p class="bar">{note}</p>}
        </div>
      </div>
      <div class="log" role="log" aria-label={texts.log} aria-live={loading ? "off" : "polite"} aria-relevant="additions"
        aria-busy={loading} tabIndex={0} ref={log}
        onScroll={look}>
        <div class="m m--bot">
          <p class="vh">{texts.bot}</p>
          <p class="lead" id="hello">{about.hello}</p>
          <Rich text={about.welcome} />
          <p>{texts.human}</p>
        </div>
        {!begun && !loading && (
          <div class="m m--bot">
            <p class="vh">{texts.bot}</p>
            <p>{texts.ask}</p>
            <Choices choices={texts.examples.map((label) => ({ label, value: label }))} taken={null}
              onChoose={(choice) => { say(choice.label); focus(log); }} />
          </div>
        )}
        {!loading && <p class="m m--note">{texts.secret}</p>}
        {view.gone && <p class="m m--note">{texts.goneBefore}</p>}
        {view.messages.map((message, at) => (
          <Turn key={message.seq} message={message} taken={takenAfter(view, at)} last={message.seq === lastBot}
            conversation={session.conversation}
            onChoose={(choice) => { say(choice.label, choice.value); focus(null); }} onJudge={(seq, verdict) => session.judge(seq, verdict)} />
        ))}
        {view.pending.map((pending) => (
          <Waiting key={pending.id} pending={pending} onRetry={() => { session.retry(); focus(log); }}
            onRemove={() => { session.withdraw(pending.id); focus(log); }} />
        ))}
        {searching && <Searching />}
      </div>
      <div class="foot">
        <p class="vh" role="status">{awaited ? texts.searching : view.pending.some((each) => each.state === "refused") ? texts.refused : ""}</p>
        {below && <button class="btn btn--2 small news" type="button" onClick={toNewest}>{texts.news}</button>}
        {uploads && <Files key={asksFile} asked={mine!.files!} uploads={uploads} busy={(now) => { sendingFiles.current = now; }} />}
        <Composer draft={draft} field={field} describedBy="hello" onSay={(text) => say(text)} />
      </div>
      {asking && <Confirm problem={problem} onYes={() => void erase()} onNo={() => setAsking(false)} />}
    </main>
  );
}

const opened = { run() {}, shut() {} };
const host = hostPage(() => opened.run(), () => opened.shut());
render(<Chat host={host} opened={opened} />, document.body);

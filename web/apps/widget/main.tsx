// The framed chat: a session drawn by the parts of packages/ui. Also a page of its own.
import { render } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Api, type Kept } from "../../packages/protocol/api.ts";
import { Session, type Said } from "../../packages/protocol/session.ts";
import type { Message } from "../../packages/protocol/types.ts";
import type { View } from "../../packages/protocol/view.ts";
import { Choices } from "../../packages/ui/choices.tsx";
import { Composer } from "../../packages/ui/composer.tsx";
import { Confirm } from "../../packages/ui/confirm.tsx";
import { Icon } from "../../packages/ui/icons.tsx";
import { Menu } from "../../packages/ui/menu.tsx";
import { Searching, Turn, Waiting } from "../../packages/ui/message.tsx";
import { Rich } from "../../packages/ui/rich.tsx";
import { texts } from "../../packages/ui/texts.ts";
import { newId, shelf, tabChannel, tabLock } from "./browser.ts";
import { hostPage, type Host } from "./host.ts";
import { town, unknownTown, type Town } from "./town.ts";

const kQuickReply = 1_500;  // ms: a reply that comes sooner is not announced as awaited

const commune = new URLSearchParams(location.search).get("commune") ?? "";
const session = new Session({
  api: new Api(), commune, shelf: shelf("localStorage"), lock: tabLock(), channel: tabChannel(`parvis:${commune}`),
  now: Date.now, newId, random: Math.random,
});

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

function Chat({ host, opened }: { host: Host; opened: { run: () => void; shut: () => void } }) {
  const [view, setView] = useState(session.view);
  const [about, setAbout] = useState<Town>(unknownTown);
  const [loading, setLoading] = useState(true);
  const [awaited, setAwaited] = useState(false);
  const [note, setNote] = useState("");
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const log = useRef<HTMLDivElement>(null);

  const focus = () => (matchMedia("(pointer: fine)").matches ? field.current : title.current)?.focus();

  useEffect(() => {
    const unwatch = session.watch(setView);
    setView(session.view);
    let named = false;
    opened.run = async () => {
      focus();
      if (!named) void town(commune).then((told) => {
        if (!told) return;
        named = true;
        setAbout(told);
        document.title = `${texts.machine}, ${told.town}`;
      });
      await session.show();
      setLoading(false);
    };
    opened.shut = () => session.hide();
    const online = () => session.online();
    const offline = () => session.offline();
    addEventListener("online", online);
    addEventListener("offline", offline);
    if (!navigator.onLine) offline();
    const unfold = () => document.querySelectorAll("details").forEach((each) => (each.open = true));
    addEventListener("beforeprint", unfold);
    const escape = (event: KeyboardEvent) => event.key === "Escape" && host.close();  // the menu and the question stop theirs
    addEventListener("keydown", escape);
    host.ready();
    return () => {
      unwatch();
      removeEventListener("online", online);
      removeEventListener("offline", offline);
      removeEventListener("beforeprint", unfold);
      removeEventListener("keydown", escape);
    };
  }, []);

  const lastMessage = view.messages[view.messages.length - 1];
  const searching = view.pending.some((each) => each.state === "sending")
    || (lastMessage?.author === "citizen" && view.pending.length === 0 && view.link === "calm");

  useEffect(() => {
    if (!searching) return setAwaited(false);
    const timer = setTimeout(() => setAwaited(true), kQuickReply);
    return () => clearTimeout(timer);
  }, [searching]);

  // What is new comes into sight, from its beginning; who reads further up is left there.
  const low = useRef(true);
  const shown = view.messages.length + view.pending.length;
  useLayoutEffect(() => {
    const box = log.current!;
    if (!low.current) return;
    const turns = box.querySelectorAll<HTMLElement>("[data-seq], .m--me");
    const newest = turns[turns.length - 1];
    const top = newest && !loading ? newest.offsetTop - 16 : Infinity;
    if (shown) box.scrollTop = Math.min(top, box.scrollHeight);
    if (shown && box.scrollHeight <= box.clientHeight) newest?.scrollIntoView({ block: "nearest" });  // the page scrolls
  }, [shown, searching, loading]);

  const say = (text: string, choice?: string): Said => {
    low.current = true;
    setNote("");
    return session.say(text, choice);
  };
  const download = async (type: Kept, file: string) => {
    setNote("");
    const blob = await session.transcript(type);
    if (!blob) return setNote(texts.downloadFailed);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
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

  const person = lastMessage?.author === "agent";
  const begun = shown > 0;
  const bar = view.link === "lost" ? texts.lost : view.link === "busy" && view.pending.length ? texts.busy : null;
  const lastBot = lastOf(view.messages, "virtual_agent");
  return (
    <main class="chat">
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
          <button type="button" onClick={() => say(texts.talkSays)}><Icon name="person" />{texts.talk}</button>
        </div>
        <div role="status">
          {bar && <p class="bar"><Icon name="cut" /><span><strong>{bar[0]}</strong> {bar[1]}</span></p>}
          {note && <p class="bar">{note}</p>}
        </div>
      </div>
      <div class="log" role="log" aria-label={texts.log} aria-live={loading ? "off" : "polite"} aria-relevant="additions"
        aria-busy={loading} tabIndex={0} ref={log}
        onScroll={(event) => {
          const box = event.currentTarget;
          low.current = box.scrollHeight - box.scrollTop - box.clientHeight < 120;
        }}>
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
              onChoose={(choice) => { say(choice.label); field.current?.focus(); }} />
          </div>
        )}
        <p class="m m--note">{texts.secret}</p>
        {view.gone && <p class="m m--note">{texts.goneBefore}</p>}
        {view.messages.map((message, at) => (
          <Turn key={message.seq} message={message} taken={takenAfter(view, at)} last={message.seq === lastBot}
            onChoose={(choice) => say(choice.label, choice.value)} onJudge={(seq, verdict) => session.judge(seq, verdict)} />
        ))}
        {view.pending.map((pending) => (
          <Waiting key={pending.id} pending={pending} onRetry={() => session.retry()} onRemove={() => session.withdraw(pending.id)} />
        ))}
        {searching && <Searching />}
      </div>
      <p class="vh" role="status">{awaited ? texts.searching : ""}</p>
      <Composer draft={draft} field={field} describedBy="hello" onSay={(text) => say(text)} />
      {asking && <Confirm problem={problem} onYes={() => void erase()} onNo={() => setAsking(false)} />}
    </main>
  );
}

const opened = { run() {}, shut() {} };
const host = hostPage(() => opened.run(), () => opened.shut());
render(<Chat host={host} opened={opened} />, document.body);

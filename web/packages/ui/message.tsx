// One turn. What is read first, then what to do about it: a question has its choices right under it,
// before its sources; an answer offers other ways last. The machine is square, a person round. The citizen's own words are not announced again
// (they wrote them); danger is announced at once; the rest when the reader's voice is free.
import type { AgentMessage, Choice, Conversation, Message, Pending, Verdict } from "../protocol/types.ts";
import { Choices } from "./choices.tsx";
import { ContactCard, Emergency } from "./contact.tsx";
import { Feedback } from "./feedback.tsx";
import { Icon } from "./icons.tsx";
import { Parts } from "./parts.tsx";
import { Rich } from "./rich.tsx";
import { Sources } from "./sources.tsx";
import { texts } from "./texts.ts";

const kJudged = new Set(["answer", "partial", "procedure", "contact", "unknown", "case_status", "appointment"]);
// As a person would stress it: the question that is asked, the admission that nothing was found.
const kLead: Partial<Record<AgentMessage["message"]["status"], RegExp>> = { clarify: /[^.!?]+\?\s*$/, unknown: /^Je n[^.!?]+\./ };
const kRtl = /^(ar|fa|he|ps|ur|ckb|yi)\b/;

export interface TurnProps {
  message: Message;
  taken: string | null;  // what the citizen said after it
  last: boolean;
  onChoose: (choice: Choice) => void;
  onJudge: (seq: number, verdict: Verdict) => Promise<boolean>;
  conversation: Conversation | null;
}

const Mine = ({ text, children, kept }: { text: string; kept?: boolean; children?: preact.ComponentChildren }) => (
  <div class={kept ? "m m--me m--kept" : "m m--me"} aria-live="off">
    <p class="vh">{texts.you}</p>
    <p class="words" dir="auto">{text}</p>
    {children}
  </div>
);

// The démarche that is filled in here, in its form at the same step: a form of ours, so the token stands
// in no address; the server answers with a code of one use. The citizen comes back to this tab.
function InForm({ conversation, onChoose }: { conversation: Conversation; onChoose: (choice: Choice) => void }) {
  return (
    <div class="row">
      <form method="post" action="/conversation/formulaire" target="_blank" rel="noopener">
        <input type="hidden" name="conversation" value={conversation.id} />
        <input type="hidden" name="bearer" value={conversation.token} />
        <button class="btn btn--2 small" type="submit">{texts.inForm}<span class="vh">{texts.opens}</span></button>
      </form>
      <button class="btn btn--2 small" type="button" onClick={() => onChoose({ label: texts.filled, value: "form/!resume" })}>{texts.filled}</button>
    </div>
  );
}

// The page of free slots, and the waiting list when nothing suits. Pages of ours, beside the conversation.
function Slots({ answer }: { answer: AgentMessage["message"] }) {
  const links = [[answer.appointment?.page, texts.slots], [answer.appointment?.waiting, texts.waiting],
    [answer.appointment?.list, texts.list]] as const;
  return <>{links.map(([url, words]) => url?.startsWith("/") &&
    <p><a href={url} target="_blank" rel="noopener">{words}<span class="vh">{texts.opens}</span></a></p>)}</>;
}

const filledIn = (answer: AgentMessage["message"]) =>
  Boolean(answer.procedure?.step);

function Bot({ message, taken, last, conversation, onChoose, onJudge }: TurnProps & { message: AgentMessage }) {
  const answer = message.message;
  const danger = answer.status === "emergency";
  const asks = answer.status === "clarify";
  const choices = answer.choices.length > 0 && <Choices choices={answer.choices} taken={taken} onChoose={onChoose} />;
  return (
    <div class={danger ? "m m--bot m--stop" : "m m--bot"} aria-live={danger ? "assertive" : undefined} data-seq={message.seq}>
      <p class="vh">{texts.bot}</p>
      <div class="stack" lang={answer.language} dir={kRtl.test(answer.language) ? "rtl" : "ltr"}>
        {danger ? <Emergency text={answer.text} contact={answer.contact} /> : <Rich text={answer.text} lead={kLead[answer.status]} />}
        {asks && choices}
        {!danger && answer.contact && <div lang="fr" dir="ltr"><ContactCard contact={answer.contact} /></div>}
        <Sources citations={answer.citations} />
        <Parts answer={answer} />
        {answer.notices.map((notice) => <p class="meta" dir="auto">{notice}</p>)}
        {!asks && choices}
        {last && taken === null && answer.appointment && <Slots answer={answer} />}
        {last && taken === null && conversation && filledIn(answer) && <InForm conversation={conversation} onChoose={onChoose} />}
      </div>
      {kJudged.has(answer.status) && (last || message.verdict) &&
        <Feedback verdict={message.verdict} onJudge={(verdict) => onJudge(message.seq, verdict)} />}
    </div>
  );
}

export function Turn(props: TurnProps) {
  const { message } = props;
  switch (message.author) {
    case "citizen":
      return <Mine text={message.message.text} />;
    case "virtual_agent":
      return <Bot {...props} message={message} />;
    default:
      return (
        <div class="m m--agent" data-seq={message.seq}>
          <p class="who"><span class="mark--person" aria-hidden="true"><Icon name="person" /></span>{message.name ?? texts.agent}</p>
          <div class="stack" dir="auto"><Rich text={message.message.text} /></div>
        </div>
      );
  }
}

export interface WaitingProps {
  pending: Pending;
  onRetry: () => void;
  onRemove: () => void;
}

export function Waiting({ pending, onRetry, onRemove }: WaitingProps) {
  if (pending.state === "sending") return <Mine text={pending.text} />;
  const refused = pending.state === "refused";
  return (
    <>
      <Mine text={pending.text} kept>
        <p class={refused ? "meta--wait error" : "meta meta--wait"}><Icon name={refused ? "stop" : "clock"} />
          <span>{refused ? `${texts.refused} ${pending.problem ?? ""}` : texts.kept}</span></p>
      </Mine>
      <p class="row row--end" aria-live="off">
        {refused && <button class="btn btn--2 small" type="button" onClick={onRemove}>{texts.remove}</button>}
        <button class="btn btn--2 small" type="button" onClick={onRetry}>{texts.retry}</button>
      </p>
    </>
  );
}

export const Searching = () => (
  <div class="m m--bot" aria-hidden="true">
    <p class="meta"><span class="dots"><i /><i /><i /></span>{texts.searching}</p>
  </div>
);

// What the server says about conversations, as written in the contract (contract/openapi). Nothing
// here knows of a page: this package runs in a browser, a worker or Node.

export type Status =
  | "answer" | "partial" | "clarify" | "procedure" | "case_status" | "appointment" | "contact"
  | "handoff" | "smalltalk" | "out_of_scope" | "other_commune" | "emergency" | "unsafe" | "unknown";

export type Verdict = "useful" | "incomplete" | "off_topic" | "not_my_case" | "unclear" | "wrong";

export interface Citation {
  id: string;
  title: string;
  section: string;
  url: string | null;
  updated: string | null;  // civil date
  passage: string;
  local?: boolean;         // the town's own rule
}

export interface Part {
  title: string;
  text: string;
  citation: number | null;  // index in citations
}

export interface Choice {
  label: string;
  value: string;
}

export interface Phone {
  number: string;
  label: string;
}

export interface Contact {
  name: string;
  address: string | null;
  phones: Phone[];
  email: string | null;
  url: string | null;
  hours: string | null;       // today's first, then the week, a line each
  open: boolean | null;       // when the answer was given; null: not known
  open_words: string | null;
  note: string | null;
}

export interface Answer {
  status: Status;
  text: string;      // lines; "- " starts an item, "1. " a step
  language: string;
  confidence?: number;
  citations: Citation[];
  more: Part[];
  choices: Choice[];
  contact: Contact | null;
  notices: string[];
}

interface Envelope {
  seq: number;  // rises within a conversation; may skip
  id: string;
  at: string;   // RFC 3339
}

export interface CitizenMessage extends Envelope {
  author: "citizen";
  message: { text: string };
}

export interface AgentMessage extends Envelope {
  author: "virtual_agent";
  verdict?: Verdict;
  message: Answer;
}

// A public agent at the desk: not in the contract yet; shown as a person rather than not at all.
export interface PersonMessage extends Envelope {
  author: "agent";
  name?: string;
  message: { text: string };
}

export type Message = CitizenMessage | AgentMessage | PersonMessage;

// Who holds the token is the citizen of this conversation.
export interface Conversation {
  id: string;
  token: string;
}

// Written, not acknowledged yet. The id is the client's: sent again, it has one effect.
export interface Pending {
  id: string;
  text: string;
  choice?: string;
  at: number;  // ms, orders the queue
  state: "sending" | "waiting" | "refused";
  problem?: string;  // of "refused", in words
}

// What the server says about conversations, by the names used here; contract.ts has the types of the
// contract itself. Nothing here knows of a page: this package runs in a browser, a worker or Node.
import type { components } from "./contract.ts";

type Schemas = components["schemas"];

export type Verdict = Schemas["Verdict"];
export type Citation = Schemas["Citation"];
export type Contact = Schemas["Contact"];
export type Answer = Schemas["Answer"];
export type Part = Answer["more"][number];
export type Choice = Answer["choices"][number];
export type Asked = NonNullable<NonNullable<Answer["procedure"]>["files"]>;  // a document
export type CitizenMessage = Schemas["CitizenMessage"];
export type AgentMessage = Schemas["AgentMessage"];

// A public agent at the desk: not in the contract yet; shown as a person rather than not at all.
export interface PersonMessage {
  seq: number;  // rises within a conversation; may skip
  id: string;
  at: string;   // RFC 3339
  author: "agent";
  name?: string;
  message: { text: string };
}

export type Message = CitizenMessage | AgentMessage | PersonMessage;

// Who holds the token is the citizen of this conversation.
export type Conversation = Pick<Schemas["Begun"], "id" | "token">;

// Written, not acknowledged yet. The id is the client's: sent again, it has one effect.
export interface Pending {
  id: string;
  text: string;
  choice?: string;
  at: number;  // ms, orders the queue
  state: "sending" | "waiting" | "refused";
  problem?: string;  // of "refused", in words
}

// A service to reach: open or not in words and light, numbers to press, then hours and other ways.
import { tel, web } from "../protocol/lines.ts";
import type { Contact } from "../protocol/types.ts";
import { Icon } from "./icons.tsx";
import { Away, Rich } from "./rich.tsx";
import { texts } from "./texts.ts";

const lines = (text: string | null) => (text ?? "").split("\n").filter((line) => line.trim());

export function ContactCard({ contact }: { contact: Contact }) {
  const [today, ...week] = lines(contact.hours);
  const words = contact.open_words || (contact.open === null ? "" : contact.open ? texts.open : texts.closed);
  const url = web(contact.url);
  return (
    <div class="card" role="group" aria-label={contact.name}>
      <p><strong>{contact.name}</strong></p>
      {words && <p class={contact.open === null ? "" : contact.open ? "lamp" : "lamp lamp--off"}>{words}</p>}
      {contact.phones.map((phone) => (
        <a class="btn btn--2 call" href={tel(phone.number)}>
          <Icon name="phone" /><span><span class="vh">{texts.call} </span><span class="nb">{phone.number}</span>
            {phone.label && <small> {phone.label}</small>}</span>
        </a>
      ))}
      {contact.address && <p>{contact.address}</p>}
      {today && <p>{today}</p>}
      {week.length > 0 && (
        <details><summary>{texts.hours}</summary><ul>{week.map((line) => <li>{line}</li>)}</ul></details>
      )}
      {lines(contact.note).length > 0 && (
        <details><summary>{texts.ways}</summary>
          <ul>{lines(contact.note).map((line) => <li>{line.replace(/^- /, "")}</li>)}</ul>
        </details>
      )}
      {contact.email && <p>{texts.write} <a class="any" href={`mailto:${contact.email}`}>{contact.email}</a></p>}
      {url && <p><Away href={url}>{texts.site}</Away></p>}
    </div>
  );
}

// Danger: what to press comes before what to read.
export const Emergency = ({ text, contact }: { text: string; contact: Contact | null }) => (
  <>
    <div class="sos">
      {contact?.phones.map((phone) => (
        <a href={tel(phone.number)}>
          <b><span class="vh">{texts.call} </span>{phone.number}</b><span>{phone.label}</span>
        </a>
      ))}
    </div>
    <div class="strong"><Rich text={text} /></div>
    <p>{texts.machineCannotCall}</p>
  </>
);

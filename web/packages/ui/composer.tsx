// Where one writes: a label that stays, Enter to send, Shift+Enter for a line. The text under way
// survives a reload (sessionStorage, this tab only). An error is said at the field.
import { useRef, useState } from "preact/hooks";
import type { Said } from "../protocol/session.ts";
import { texts } from "./texts.ts";

export interface ComposerProps {
  draft: { load: () => string; save: (text: string) => void };
  field: preact.RefObject<HTMLTextAreaElement | null>;
  describedBy: string;
  onSay: (text: string) => Said;
}

export function Composer({ draft, field, describedBy, onSay }: ComposerProps) {
  const [error, setError] = useState("");
  const first = useRef(draft.load());
  const send = () => {
    const area = field.current!;
    const said = onSay(area.value);
    setError(said === "empty" ? texts.empty : said === "too_long" ? texts.tooLong : said === "too_many" ? texts.tooMany : "");
    if (said === "sent") {
      area.value = "";
      draft.save("");
    } else area.focus();
  };
  return (
    <form class="say-it" noValidate onSubmit={(event) => { event.preventDefault(); send(); }}>
      <label for="words" class="label">{texts.message}</label>
      {error && <p class="error" id="error" role="alert">{error}</p>}
      <div class="line">
        <textarea class={error ? "in in--bad" : "in"} id="words" rows={1} ref={field} defaultValue={first.current}
          autocomplete="off" enterkeyhint="send" aria-invalid={error ? "true" : undefined}
          aria-describedby={error ? "error" : describedBy}
          onInput={(event) => { draft.save(event.currentTarget.value); if (error) setError(""); }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
          }} />
        <button class="btn" type="submit">{texts.send}</button>
      </div>
    </form>
  );
}

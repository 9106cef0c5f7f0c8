// Where a document that is asked for is given, above where one writes: a labelled file input, what
// was given, how far each file is. Files go one after the other, and are announced by quarters. What
// is wrong is said at the file, in words. The list is the server's: the form of the démarche and
// other tabs give to the same one.
import { useEffect, useRef, useState } from "preact/hooks";
import { kSlice } from "../protocol/limits.ts";
import { Refused, type Halt, type Piece, type Uploads } from "../protocol/uploads.ts";
import type { Asked } from "../protocol/types.ts";
import { texts } from "./texts.ts";

interface Sending { key: number; name: string; size: number; sent: number; halt: Halt; why: string }

export interface FilesProps {
  asked: Asked;
  uploads: Uploads;
  busy: (under_way: boolean) => void;  // files are under way
}

const kUnits: readonly [number, string][] = [[1e6, "Mo"], [1e3, "ko"], [1, "octets"]];
const weight = (bytes: number) => {
  const [unit, name] = kUnits.find(([least]) => bytes >= least) ?? [1, "octets"];
  return `${(bytes / unit).toFixed(unit === 1e6 ? 1 : 0).replace(".", ",")} ${name}`;
};

// A type that the browser tells; what it does not know the server looks at.
const taken = (file: File, asked: Asked) => !file.type || asked.types.length === 0 || asked.types.includes(file.type);

export function Files({ asked, uploads, busy }: FilesProps) {
  const [given, setGiven] = useState<Piece[]>([]);
  const [sending, setSending] = useState<Sending[]>([]);
  const [error, setError] = useState("");
  const [said, setSaid] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const date = useRef<HTMLFieldSetElement>(null);
  const queue = useRef(Promise.resolve());
  const count = useRef(0);
  const ended = useRef(new AbortController());

  const renew = async () => {
    const now = await uploads.list();
    if (now && !ended.current.signal.aborted) setGiven(now);
    return now;
  };
  useEffect(() => {
    void renew();
    const stay = (event: BeforeUnloadEvent) => { if (sendingNow.current > 0) event.preventDefault(); };
    addEventListener("beforeunload", stay);
    return () => {
      removeEventListener("beforeunload", stay);
      ended.current.abort();
      busy(false);
    };
  }, []);

  const sendingNow = useRef(0);
  const under = (more: number) => {
    sendingNow.current += more;
    busy(sendingNow.current > 0);
  };
  const change = (key: number, part: Partial<Sending>) =>
    setSending((all) => all.map((each) => (each.key === key ? { ...each, ...part } : each)));
  const drop = (key: number) => setSending((all) => all.filter((each) => each.key !== key));

  const good = given.filter((each) => each.state !== "refused" && !each.given).length;
  const dateIn = () => {
    if (!asked.dated) return "";
    const [day, month, year] = [...date.current!.querySelectorAll("input")].map((each) => each.value.trim());
    return day && month && year ? [year.padStart(4, "0"), month.padStart(2, "0"), day.padStart(2, "0")].join("-") : null;
  };

  async function send(file: File, key: number, dated: string) {
    let quarter = -1;
    try {
      const piece = await uploads.send(file, dated, (sent, halt) => {
        change(key, { sent, halt });
        const now = Math.floor((4 * sent) / file.size);
        if (halt) setSaid(`${file.name} : ${texts.halted[halt]}`);
        else if (now > quarter) setSaid(sent < file.size ? texts.sending(file.name, 25 * now) : texts.looking(file.name));
        quarter = Math.max(quarter, now);
      }, ended.current.signal);
      const whole = `${piece.name} : ${piece.words}.${piece.said ? ` ${piece.said}` : ""}`;
      if (await renew()) drop(key);
      else change(key, { sent: file.size, halt: "", why: piece.state === "refused" ? piece.said : "" });
      setSaid(whole);
    } catch (why) {
      if (ended.current.signal.aborted) return;
      const words = (why instanceof Refused && why.message) || texts.notSent;
      change(key, { why: words });
      setSaid(`${file.name} : ${words}`);
    } finally {
      under(-1);
    }
  }

  const choose = () => {
    const files = [...input.current!.files!];
    input.current!.value = "";
    setError("");
    if (files.length === 0) return;
    const dated = dateIn();
    if (dated === null) {
      setError(texts.noDate);
      date.current!.querySelector("input")!.focus();
      return;
    }
    const room = asked.count - good - sending.filter((each) => !each.why).length;
    if (files.length > room) return setError(texts.tooMuch(asked.count));
    for (const file of files) {
      const key = ++count.current;
      const why = file.size > asked.bytes ? texts.tooBig(Math.floor(asked.bytes / (1 << 20)))
        : file.size === 0 ? texts.nothingIn : taken(file, asked) ? "" : texts.wrongType;
      setSending((all) => [...all, { key, name: file.name, size: file.size, sent: 0, halt: "", why }]);
      if (why) {
        setSaid(`${file.name} : ${why}`);
        continue;
      }
      under(1);
      queue.current = queue.current.then(() => send(file, key, dated));
    }
  };

  const takeBack = async (piece: Piece) => {
    setError(await uploads.remove(piece) ? "" : texts.notTaken);
    await renew();
    input.current!.focus();
  };

  return (
    <div class="files">
      {(given.length > 0 || sending.length > 0) && (
        <ul aria-label={texts.given}>
          {given.map((piece) => (
            <li key={piece.id}>
              <span class={piece.state === "refused" ? "error any" : "any"}>
                <strong>{piece.name}</strong> {piece.state === "refused" ? piece.said : `${piece.words}, ${weight(piece.size)}. ${piece.said}`}
              </span>
              {!piece.given && <button type="button" class="btn btn--2 small" onClick={() => void takeBack(piece)}>
                {texts.takeBack}<span class="vh"> {piece.name}</span></button>}
            </li>
          ))}
          {sending.map((each) => (
            <li key={each.key}>
              <span class={each.why ? "error any" : "any"}><strong>{each.name}</strong> {each.why
                || (each.halt ? texts.halted[each.halt] : `${weight(each.sent)} sur ${weight(each.size)}`)}</span>
              {each.why
                ? <button type="button" class="btn btn--2 small" onClick={() => { drop(each.key); input.current!.focus(); }}>
                    {texts.takeBack}<span class="vh"> {each.name}</span></button>
                : each.size > kSlice && <progress max={each.size} value={each.sent} aria-label={each.name} />}
            </li>
          ))}
        </ul>
      )}
      {asked.dated && (
        <fieldset ref={date}>
          <legend class="label">{texts.dated}</legend>
          {[texts.day, texts.month, texts.year].map((name, at) => (
            <label class={at === 2 ? "year" : undefined}>{name}
              <input class="in" type="text" inputMode="numeric" autocomplete="off" maxLength={at === 2 ? 4 : 2} /></label>
          ))}
        </fieldset>
      )}
      <label class="label" for="files">{texts.give} {asked.label}</label>
      <p class="meta" id="files-limits">{asked.limits}</p>
      {error && <p class="error" id="files-error" role="alert">{error}</p>}
      <input class="in" type="file" id="files" ref={input} multiple={asked.count > 1} accept={asked.types.join(",")}
        aria-describedby={error ? "files-error files-limits" : "files-limits"} aria-invalid={error ? "true" : undefined} onChange={choose} />
      <p class="vh" role="status">{said}</p>
    </div>
  );
}

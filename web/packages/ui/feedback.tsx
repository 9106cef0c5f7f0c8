// "Utile ?" and, for a no, why. The buttons that are pressed go away, so the focus goes to what
// replaces them.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Verdict } from "../protocol/types.ts";
import { texts } from "./texts.ts";

export interface FeedbackProps {
  verdict: Verdict | undefined;
  onJudge: (verdict: Verdict) => Promise<boolean>;
}

export function Feedback({ verdict, onJudge }: FeedbackProps) {
  const [step, setStep] = useState<"ask" | "why" | "failed">("ask");
  const acted = useRef(false);
  const words = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => {  // before the next key: it goes on from there
    if (acted.current) words.current?.focus();
    acted.current = false;
  }, [step, verdict]);
  const judge = async (each: Verdict) => {
    acted.current = true;
    if (!await onJudge(each)) setStep("failed");
  };
  const says = verdict ? (verdict === "useful" ? texts.thanksYes : texts.thanksNo)
    : step === "why" ? texts.why : step === "failed" ? texts.judgeFailed : texts.useful;
  return (
    <div class="judge" role="group" aria-label={texts.useful} aria-live="off">
      <p class="meta" tabIndex={-1} ref={words}>{says}</p>
      {verdict ? null : step === "why" ? (
        <div class="choices">
          {texts.reasons.map(([value, label]) => (
            <button type="button" class="choice" onClick={() => judge(value)}>{label}</button>))}
        </div>
      ) : (
        <div class="row">
          <button type="button" class="btn btn--2 small" onClick={() => judge("useful")}>{texts.yes}</button>
          <button type="button" class="btn btn--2 small" onClick={() => { acted.current = true; setStep("why"); }}>{texts.no}</button>
        </div>
      )}
    </div>
  );
}

// The one thing that cannot be undone is asked about; what keeps comes first and has the focus.
import { useLayoutEffect, useRef } from "preact/hooks";
import { texts } from "./texts.ts";

export interface ConfirmProps {
  problem: string;
  onYes: () => void;
  onNo: () => void;
}

export function Confirm({ problem, onYes, onNo }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog class="confirm" ref={dialog} aria-labelledby="ask" aria-describedby="tells"
      onKeyDown={(event) => event.key === "Escape" && event.stopPropagation()}
      onCancel={(event) => { event.preventDefault(); onNo(); }}>
      <h2 id="ask">{texts.eraseAsk}</h2>
      <p id="tells">{texts.eraseTells}</p>
      {problem && <p class="error" role="alert">{problem}</p>}
      <p class="row">
        <button class="btn" type="button" onClick={onNo}>{texts.eraseNo}</button>
        <button class="btn btn--2" type="button" onClick={onYes}>{texts.eraseYes}</button>
      </p>
    </dialog>
  );
}

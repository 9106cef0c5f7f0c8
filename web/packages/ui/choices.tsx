// Answers to press. Once the conversation went on they stay as what was asked: the one that was
// taken is marked and keeps a focus that is left to it (aria-disabled, not disabled); the others
// leave the way of the Tab key.
import type { Choice } from "../protocol/types.ts";
import { texts } from "./texts.ts";

export interface ChoicesProps {
  choices: readonly Choice[];
  taken: string | null;  // what the citizen said next; null: it is their turn
  onChoose: (choice: Choice) => void;
}

export const Choices = ({ choices, taken, onChoose }: ChoicesProps) => (
  <div class="choices" role="group" aria-label={texts.choices}>
    {choices.map((choice) => {
      const mine = taken === choice.label;
      return (
        <button type="button" class="choice" disabled={taken !== null && !mine} aria-disabled={mine || undefined}
          aria-pressed={mine || undefined} onClick={() => taken === null && onChoose(choice)}>
          <span dir="auto">{choice.label}</span>
        </button>
      );
    })}
  </div>
);

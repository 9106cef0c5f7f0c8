// Waiting that can be cut short: by the person, by the network that is back, by the end.
import { kFirstWait, kLongestWait } from "./limits.ts";

export class Pause {
  private waking = new Set<() => void>();

  wake() {
    for (const each of [...this.waking]) each();
  }

  // ms = Infinity: until woken.
  wait(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const done = () => {
        clearTimeout(timer);
        this.waking.delete(done);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      if (ms !== Infinity) timer = setTimeout(done, ms);
      this.waking.add(done);
      signal?.addEventListener("abort", done);
    });
  }
}

// Doubles from kFirstWait to kLongestWait; half of it is chance, so that a town does not come back
// all at once after a restart.
export const backoff = (failures: number, random: () => number) =>
  Math.min(kFirstWait * 2 ** Math.min(failures, 10), kLongestWait) * (0.5 + random() / 2);

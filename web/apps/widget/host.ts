// The page around the frame. It names its origin after # (a wrong name gets no message: the browser
// delivers to that origin only), and is believed about two things: the panel was opened, or closed.
export interface Host {
  framed: boolean;
  ready(): void;
  close(): void;
}

export function hostPage(onOpened: () => void, onClosed: () => void): Host {
  const origin = window.parent === window ? "" : pageOrigin(location.hash.slice(1));
  if (!origin) return { framed: false, ready: onOpened, close() {} };
  addEventListener("message", (event) => {
    if (event.source !== window.parent || event.origin !== origin) return;
    if (event.data === "opened") onOpened();
    else if (event.data === "closed") onClosed();
  });
  const tell = (word: string) => window.parent.postMessage(word, origin);
  return { framed: true, ready: () => tell("ready"), close: () => tell("close") };
}

function pageOrigin(said: string): string {
  try {
    const origin = decodeURIComponent(said);
    return new URL(origin).origin === origin ? origin : "";
  } catch {
    return "";
  }
}

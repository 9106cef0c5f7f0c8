// Print, download, erase: a button that shows buttons (not role=menu, which promises arrow keys and
// hides its items from a screen reader's browse mode). Escape closes it and gives the focus back.
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icons.tsx";
import { texts } from "./texts.ts";

export interface MenuProps {
  items: readonly { label: string; run: () => void }[];
}

export function Menu({ items }: MenuProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const close = (back: boolean) => {
    setOpen(false);
    if (back) button.current?.focus();
  };
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [open]);
  return (
    <div class="menu" ref={box}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        close(true);
      }}
      onFocusOut={(event) => {
        if (open && event.relatedTarget && !box.current?.contains(event.relatedTarget as Node)) close(false);
      }}>
      <button class="iconbtn" type="button" ref={button} aria-label={texts.menu} aria-expanded={open} aria-controls="menu"
        onClick={() => setOpen(!open)}><Icon name="menu" /></button>
      <ul id="menu" class="menu-items" hidden={!open}>
        {items.map((item) => (
          <li><button type="button" onClick={() => { close(true); item.run(); }}>{item.label}</button></li>))}
      </ul>
    </div>
  );
}

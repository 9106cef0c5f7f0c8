// Drawn beside words, so hidden from those who hear the words. 24 grid, 2 px, square caps.
const paths = {
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4 21c0-5 3-8 8-8s8 3 8 8",
  reduce: "M5 18h14",
  menu: "M4 6h16M4 12h16M4 18h16",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5l4 3",
  stop: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v6M12 17v.01",
  cut: "M3 3l18 18M2 9c3-2 5-3 7-3M22 9c-2-2-5-3-8-3M6 13c1-1 2-1 3-2M18 13l-2-1M12 19v.01",
  phone: "M5 3h4l2 5-3 2c1 3 3 5 6 6l2-3 5 2v4c0 1-1 2-2 2C10 21 3 14 3 5c0-1 1-2 2-2z",
};

export const Icon = ({ name }: { name: keyof typeof paths }) => (
  <svg class="i" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d={paths[name]} /></svg>
);

// The pages work without this. It keeps the colours chosen in the footer from page to page, offers
// to print, and opens every situation of a sheet for the paper.
(() => {
  const root = document.documentElement;
  const stored = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const apply = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  apply(stored());  // before the first paint: this file is read in the head

  addEventListener("DOMContentLoaded", () => {
    const chosen = document.getElementById(`theme-${stored()}`);
    if (chosen) chosen.checked = true;
    for (const radio of document.querySelectorAll("input[name=theme]"))
      radio.addEventListener("change", () => {
        apply(radio.value);
        try { localStorage.setItem("theme", radio.value); } catch { /* kept for this page only */ }
      });
    for (const button of document.querySelectorAll("[data-print]")) {
      button.hidden = false;
      button.addEventListener("click", () => print());
    }
  });

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
})();

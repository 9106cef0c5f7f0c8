// Sends files as they are chosen, by the tus protocol (api/tus.hpp): each goes on where it was cut
// off, and how far it is, is told. Without this script the form sends them. What is shown in the end
// is what the server says: the questions' part of the page is loaded again after each file.
const kSlice = 1 << 20;  // bytes of one request: little is sent twice, and progress shows
const kLooks = 30;  // at a file that is being checked, two seconds apart
const kWaits = [1, 2, 4, 8, 15, 30];  // seconds between tries while the network is away

const tus = { "Tus-Resumable": "1.0.0" };
const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const size = (bytes) => bytes < 1e6 ? `${Math.round(bytes / 1000)} ko` : `${(bytes / 1e6).toFixed(1).replace(".", ",")} Mo`;
const pause = (seconds) => new Promise((resolve) => {
  const timer = setTimeout(done, seconds * 1000);
  function done() { clearTimeout(timer); removeEventListener("online", done); resolve(); }
  addEventListener("online", done);
});

// A refusal is not tried again. A server that cannot now says why; anything else is the network.
class Refused extends Error {}
class Later extends Error {}

async function ask(url, options) {
  const answer = await fetch(url, options);
  if (answer.status >= 500 || answer.status === 429) throw new Error(`${answer.status}`);
  if (answer.ok || answer.status === 409) return answer;
  const problem = await answer.json().catch(() => ({}));
  throw new Refused(problem.detail || "Ce fichier n’est pas reçu. Réessayez, ou donnez-le au guichet.");
}

// fetch tells nothing of what it has sent.
function patch(url, headers, bytes, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PATCH", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => progress(event.loaded));
    request.addEventListener("load", () => {
      if (request.status === 204) return resolve(Number(request.getResponseHeader("Upload-Offset")));
      let detail;
      try { detail = JSON.parse(request.responseText).detail; } catch { /* below */ }
      if (request.status === 503 && detail) return reject(new Later(detail));
      if (request.status >= 500 || request.status === 409 || request.status === 429) return reject(new Error(`${request.status}`));
      reject(new Refused(detail || "Ce fichier n’est pas reçu. Réessayez, ou donnez-le au guichet."));
    });
    request.addEventListener("error", () => reject(new Error("network")));
    request.send(bytes);
  });
}

// Where an upload is, kept for this tab: the same file chosen again after the page was left goes on.
const remembered = (key, url) => {
  try {
    if (url === undefined) return sessionStorage.getItem(key);
    if (url === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, url);
  } catch { /* it begins anew then */ }
  return null;
};

const stands = async (url, token) => (await ask(url, { headers: { "X-Form-Token": token, Accept: "application/json" } })).json();

async function send({ to, field, dated }, file, token, progress) {
  const headers = { ...tus, "X-Form-Token": token };
  const key = ["piece", to, field, file.name, file.size, file.lastModified].join("|");
  let url = remembered(key), offset = 0, whole = false;
  for (let failed = 0; ;) {
    try {
      if (url) {
        const answer = await fetch(url, { method: "HEAD", headers, cache: "no-store" });
        if (answer.status === 404) url = null;
        else if (!answer.ok) throw new Error(`${answer.status}`);
        else {
          offset = Number(answer.headers.get("Upload-Offset"));
          whole = answer.headers.get("Upload-Length") === answer.headers.get("Upload-Offset");
        }
      }
      if (!url) {
        // Of a case that is deposited, "pieces.4-1" names what the file answers, "pieces" nothing.
        const [, asked] = to.endsWith("/pieces/fichiers") ? field.match(/^pieces\.?(.*)$/) ?? [] : [];
        const place = asked === undefined ? `,field ${base64(field)}` : asked ? `,ask ${base64(asked)}` : "";
        const metadata = `filename ${base64(file.name)}${place}${dated ? `,dated ${base64(dated)}` : ""}`;
        const answer = await ask(to, { method: "POST", headers: { ...headers, "Upload-Length": String(file.size), "Upload-Metadata": metadata } });
        url = answer.headers.get("Location");
        remembered(key, url);
        offset = 0;
        whole = false;
      }
      // An end whose answer was lost: what is kept may be smaller than what was sent.
      let piece = whole ? await stands(url, token) : null;
      if (piece?.state === "receiving") {
        await patch(url, { ...headers, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" }, file.slice(0, 0), () => {});
        piece = await stands(url, token);
      }
      while (!piece && offset < file.size) {
        const from = offset;
        progress(from, "");
        offset = await patch(url, { ...headers, "Upload-Offset": String(from), "Content-Type": "application/offset+octet-stream" },
          file.slice(from, from + kSlice), (sent) => progress(Math.min(from + sent, file.size), ""));
        failed = 0;
      }
      progress(file.size, "vérification en cours");
      remembered(key, null);
      piece ??= await stands(url, token);
      for (let looks = 0; piece.state === "checking" && looks < kLooks; ++looks) {
        await pause(2);
        piece = await stands(url, token);
      }
      return piece;
    } catch (error) {
      if (error instanceof Refused) { remembered(key, null); throw error; }
      progress(offset, error instanceof Later ? error.message : "la connexion est coupée, l’envoi reprendra");
      await pause(kWaits[Math.min(failed++, kWaits.length - 1)]);
    }
  }
}

// The date on the document, "2026-11-03", as far as one is written.
function date_in(group) {
  const part = (name) => group.querySelector(`[data-dated=${name}]`)?.value.trim() ?? "";
  const [year, month, day] = [part("year"), part("month"), part("day")];
  return year && month && day ? [year.padStart(4, "0"), month.padStart(2, "0"), day.padStart(2, "0")].join("-") : "";
}

function enhance(form) {
  const status = form.querySelector("[data-piece-status]") ?? form.insertBefore(Object.assign(document.createElement("p"), { className: "vh" }), form.firstChild);
  status.dataset.pieceStatus = "";
  status.setAttribute("role", "status");
  let under_way = 0, queue = Promise.resolve();  // one file after the other
  const say = (text) => { status.textContent = text; };

  const prepare = (within) => {
    for (const input of within.querySelectorAll("input[type=file][data-upload]")) {
      const group = input.closest("[data-files]");
      const { upload, max } = input.dataset;
      input.addEventListener("change", () => {
        const files = [...input.files];
        input.value = "";  // the form does not send them again
        under_way += files.length;
        const dated = date_in(group);
        queue = queue.then(() => take(group, { to: upload, field: input.name, max: Number(max), dated }, files));
      });
    }
    for (const button of within.querySelectorAll("button[name=_joindre]")) button.closest(".row").hidden = true;
  };

  // The part of the page around the files, as the server has it now.
  const renew = async (group) => {
    const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(group.id);
    if (!fresh) return;
    const held = group.contains(document.activeElement);
    group.replaceChildren(...fresh.childNodes);
    prepare(group);
    if (held) (group.querySelector("input[type=file]") ?? group.querySelector(".files"))?.focus();
  };

  async function take(group, question, files) {
    const token = form.elements.namedItem("_token").value;
    for (const file of files) {
      const list = group.querySelector("ul.files");  // it is renewed after each file
      list.hidden = false;
      const line = document.createElement("li");
      const name = Object.assign(document.createElement("strong"), { textContent: file.name });
      const state = Object.assign(document.createElement("span"), { className: "soft" });
      const bar = Object.assign(document.createElement("progress"), { max: file.size || 1, value: 0 });
      bar.setAttribute("aria-label", `Envoi de ${file.name}`);
      const part = Object.assign(document.createElement("span"), { className: "file" });
      part.append(name, state, bar);
      line.append(part);
      list.append(line);
      let told = -1;
      const progress = (bytes, why) => {
        bar.value = bytes;
        state.textContent = why ? `Envoi\u00a0: ${why}` : `Envoi\u00a0: ${size(bytes)} sur ${size(file.size)}`;
        const quarter = Math.floor((4 * bytes) / (file.size || 1));
        if (why || quarter > told) say(why ? `${file.name}\u00a0: ${why}.` : `${file.name}\u00a0: ${25 * quarter}\u00a0% envoyés.`);
        told = Math.max(told, quarter);
      };
      if (file.size > question.max) {
        refuse(line, state, bar, `Ce fichier dépasse ${Math.floor(question.max / (1 << 20))}\u00a0Mo. Réduisez-le, ou envoyez-le en plusieurs parties.`, file);
        --under_way;
        continue;
      }
      try {
        const piece = await send(question, file, token, progress);
        --under_way;
        line.remove();
        await renew(group);
        say(piece.said ? `${piece.name}\u00a0: ${piece.words}. ${piece.said}` : `${piece.name}\u00a0: ${piece.words}.`);
      } catch (error) {
        --under_way;
        refuse(line, state, bar, error instanceof Refused ? error.message : "Ce fichier n’est pas envoyé. Choisissez-le de nouveau.", file);
      }
    }
  }

  function refuse(line, state, bar, why, file) {
    bar.remove();
    line.className = "refused";
    state.className = "err";
    state.textContent = why;
    say(`${file.name}\u00a0: ${why}`);
  }

  form.addEventListener("submit", (event) => {
    if (under_way === 0) return;
    event.preventDefault();
    say("L’envoi n’est pas terminé. Attendez un instant, puis continuez.");
  });
  addEventListener("beforeunload", (event) => { if (under_way > 0) event.preventDefault(); });
  prepare(form);
}

for (const form of document.querySelectorAll("form[enctype='multipart/form-data']")) enhance(form);

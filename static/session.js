// The end of the session: a warning before it, and what was typed is kept over it.
//
// The server says how long is left; asking it puts off nothing. What was typed is kept in this tab only (sessionStorage),
// by person and page, without passwords and tokens. A row's version is kept with it, so that a stale save is still refused.

const KEPT = "kentplan-typed:";
const SENT = "kentplan-sent";
const box = document.querySelector("[data-session]");
const here = location.pathname + location.search;

// What was typed

const forms = [...document.querySelectorAll("main form")].filter(
  (form) => form.method === "post" && !form.querySelector("input[type=password], input[autocomplete=one-time-code]"),
);
const fresh = new Map(forms.map((form) => [form, fields(form).map(state)]));

function fields(form) {
  return [...form.elements].filter(
    (field) =>
      field.name &&
      !["submit", "button", "reset", "image", "file", "password"].includes(field.type) &&
      !/csrf|token|password|^next$/i.test(field.name) &&
      field.tagName !== "FIELDSET",
  );
}

function state(field) {
  const value = field.tagName === "SELECT" ? [...field.selectedOptions].map((option) => option.value) : field.value;
  return { name: field.name, value, checked: Boolean(field.checked), hidden: field.type === "hidden" };
}

function isTicked(field) {
  return ["checkbox", "radio"].includes(field.type);
}

function isAltered(form) {
  // A form that was sent back to be put right holds what nobody has saved yet.
  if (document.querySelector("[data-error-summary], #conflict-title")) return true;
  return JSON.stringify(fields(form).map(state)) !== JSON.stringify(fresh.get(form));
}

function typed() {
  return forms.flatMap((form, at) =>
    isAltered(form) ? [{ at, action: form.getAttribute("action") ?? "", fields: fields(form).map(state) }] : [],
  );
}

function keep() {
  const found = typed();
  if (found.length) sessionStorage.setItem(KEPT + box.dataset.person + ":" + here, JSON.stringify(found));
  return found.length > 0;
}

function forget(others) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(KEPT) && !(others && key.startsWith(KEPT + others + ":"))) sessionStorage.removeItem(key);
  }
}

// Each field by its name, and by its place among those of that name. What has no place any more is given back in words.
function fill(kept) {
  const lost = [];
  for (const { at, action, fields: entries } of kept) {
    const form = forms[at]?.getAttribute("action") === (action || null) ? forms[at] : undefined;
    const free = form ? fields(form) : [];
    for (const entry of entries) {
      const found = free.findIndex(
        (field) => field.name === entry.name && (!isTicked(field) || field.value === entry.value),
      );
      const [field] = found < 0 ? [] : free.splice(found, 1);
      if (!field) {
        if (!entry.hidden && entry.value.length) lost.push(`${entry.name}: ${entry.value}`);
      } else if (isTicked(field)) {
        field.checked = entry.checked;
      } else if (field.tagName === "SELECT") {
        for (const option of field.options) option.selected = entry.value.includes(option.value);
      } else {
        field.value = entry.value;
      }
      field?.dispatchEvent(new Event("input", { bubbles: true }));
      field?.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
  return lost;
}

function putBack() {
  const key = KEPT + box.dataset.person + ":" + here;
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
  if (!kept || !forms.length) return;
  const lost = fill(kept);
  const notice = document.querySelector("[data-session-restored]").content.firstElementChild.cloneNode(true);
  for (const words of lost) {
    const item = document.createElement("li");
    item.textContent = words;
    notice.querySelector("ul").append(item);
  }
  for (const part of notice.querySelectorAll("[data-session-lost], [data-session-lost-list]")) {
    part.hidden = !lost.length;
  }
  notice.querySelector("button").addEventListener("click", () => {
    sessionStorage.removeItem(key);
    for (const form of forms) form.reset();
    location.reload();
  });
  document.querySelector("main").prepend(notice);
  notice.focus();
}

// A form that is sent takes what was typed with it; it comes back where the server found the session over.
function watchSending() {
  for (const form of forms) {
    form.addEventListener("submit", () => {
      const key = KEPT + box.dataset.person + ":" + here;
      const sent = [{ at: forms.indexOf(form), action: form.getAttribute("action") ?? "", fields: fields(form).map(state) }];
      sessionStorage.setItem(SENT, JSON.stringify({ key, here, sent }));
      sessionStorage.removeItem(key);
    });
  }
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") === box.querySelector("form").getAttribute("action")) forget();
  });
}

const sent = JSON.parse(sessionStorage.getItem(SENT) ?? "null");
if (document.querySelector("[data-session-ended]")) {
  if (sent?.sent.some((form) => form.fields.some((field) => !field.hidden))) {
    sessionStorage.setItem(sent.key, JSON.stringify(sent.sent));
    document.querySelector("[data-session-kept]").hidden = false;
    const again = document.querySelector("[data-session-again]");
    again.href = `${again.pathname}?${new URLSearchParams({ next: sent.here })}`;
  }
}
sessionStorage.removeItem(SENT);

// The warning

let ends = 0;
let timer;
let over = false;
const others = "BroadcastChannel" in window ? new BroadcastChannel("kentplan-session") : null;

async function ask(path, options = {}) {
  let answer;
  try {
    const response = await fetch(path, { cache: "no-store", redirect: "error", ...options });
    if (response.status === 403) {
      keep(); // signed in anew in another tab: this page's forms need the token of now
      location.reload();
      return;
    }
    answer = await response.json();
  } catch {
    // Out of reach: this machine's clock is all there is to go by.
    answer = { left: Math.max(0, (ends - Date.now()) / 1000), person: box.dataset.person, longest: false };
  }
  ends = Date.now() + answer.left * 1000;
  if (answer.left <= 0 || answer.person !== box.dataset.person) end(answer.person);
  else if (over) location.reload(); // signed in again in another tab: this page's forms need its token
  else if (answer.left <= Number(box.dataset.warns)) warn(answer.longest);
  else close();
  plan();
}

const look = () => ask(box.dataset.ask);

async function stay() {
  const token = box.querySelector("[name=csrfmiddlewaretoken]").value;
  await ask(box.dataset.stay, { method: "POST", headers: { "X-CSRFToken": token } });
  others?.postMessage("stayed");
}

function plan() {
  clearTimeout(timer);
  const left = ends - Date.now();
  const wait = box.open ? Math.min(5000, over ? 5000 : left + 200) : left - Number(box.dataset.warns) * 1000;
  timer = setTimeout(look, Math.max(wait, 200));
}

function open(part) {
  for (const name of ["warning", "over"]) box.querySelector(`[data-session-${name}]`).hidden = name !== part;
  const prefix = part === "over" ? "session-over" : "session";
  box.setAttribute("aria-labelledby", `${prefix}-title`);
  box.setAttribute("aria-describedby", `${prefix}-words`);
  if (!box.open) box.showModal();
}

function close() {
  if (box.open) box.close();
}

function warn(longest) {
  const at = new Date(ends).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  box.querySelector("[data-session-end]").textContent = at;
  box.querySelector("[data-session-longest]").hidden = !longest;
  open("warning");
}

function end(person) {
  if (person && person !== box.dataset.person) {
    forget(person);
    location.reload(); // somebody else signed in with this browser
    return;
  }
  if (over) return;
  over = true;
  const kept = keep();
  box.querySelector("[data-session-kept]").hidden = !kept;
  const again = box.querySelector("[data-session-again]");
  again.href = `${box.dataset.signIn}?${new URLSearchParams({ next: here })}`;
  open("over");
  again.focus();
}

if (box) {
  forget(box.dataset.person);
  putBack();
  watchSending();
  ends = Date.now() + Number(box.dataset.left) * 1000;
  box.querySelector("[data-session-stay]").addEventListener("click", stay);
  box.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (!over) stay();
  });
  others?.addEventListener("message", look);
  // A machine that slept, or a page that came back from the browser's memory, has missed its time.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && Date.now() > ends - Number(box.dataset.warns) * 1000) look();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) look();
  });
  plan();
}

// What every page does: the theme, words for screen readers, copying, and what the address keeps.
const $ = (id) => document.getElementById(id);

// Texts only ever enter as text, never as HTML.
function make(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (name === "class") element.className = value;
    else if (value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function counted(number) {
  return number.toLocaleString("en");
}

function wordsOf(text) {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

// --- the theme: as the system says, light, or dark; remembered where the browser allows it

const THEMES = ["auto", "light", "dark"];

function setTheme(name) {
  document.documentElement.dataset.theme = name;
  $("theme").textContent = `Theme: ${name}`;
  remember("reconciler-theme", name);
}

function remembered(name) {
  try { return localStorage.getItem(name); } catch { return null; /* the same */ }
}

function remember(name, value) {
  try { localStorage.setItem(name, value); } catch { /* a file may not remember */ }
}

// --- keys of one letter: who speaks to a computer switches them off, since words are letters

function startLetters() {
  const button = $("letters");
  if (!button) return;
  const set = (on) => {
    button.setAttribute("aria-pressed", String(on));
    button.textContent = `Letter keys: ${on ? "on" : "off"}`;
  };
  const are = () => button.getAttribute("aria-pressed") === "true";
  set(remembered("reconciler-letters") !== "off");
  button.addEventListener("click", () => {
    set(!are());
    remember("reconciler-letters", are() ? "on" : "off");
  });
  addEventListener("keydown", (event) => {
    const types = event.target.matches?.("input, select, textarea");
    if (!are() && !types && event.key.length === 1 && event.key !== " ") event.stopImmediatePropagation();
  }, { capture: true });
}

function startPage() {
  const name = remembered("reconciler-theme");
  setTheme(THEMES.includes(name) ? name : "auto");
  $("theme").addEventListener("click", () => {
    const now = document.documentElement.dataset.theme;
    setTheme(THEMES[(THEMES.indexOf(now) + 1) % THEMES.length]);
  });
  startLetters();
  startPrinting();
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", () => copyText(button));
  }
}

// On paper nothing is folded.
function startPrinting() {
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const one of opened) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of opened) one.open = false; });
}

// --- what screen readers hear

let waitingToSay = 0;

function say(text) {
  clearTimeout(waitingToSay);
  waitingToSay = setTimeout(() => { $("live").textContent = text; }, 150);
}

// --- copying the text in data-copy

async function copyText(button) {
  const text = button.dataset.copy;
  const label = button.textContent;
  const done = await copied(text);
  button.textContent = done ? "Copied" : "Copy it from here:";
  if (!done) window.prompt("Copy this line", text);
  say(done ? `Copied: ${text}` : "");
  setTimeout(() => { button.textContent = label; }, 1500);
}

async function copied(text) {
  try { await navigator.clipboard.writeText(text); return true; } catch { /* not allowed here */ }
  const field = make("textarea", { class: "unseen", "aria-hidden": "true" });
  field.value = text;
  document.body.append(field);
  const before = document.activeElement;
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before?.focus();
  return done;
}

// --- buttons of states: those that are pressed are in a set

const stateButtons = [...document.querySelectorAll("[data-wanted]")];

function press(states, wanted) {
  states.clear();
  for (const button of stateButtons) {
    const isWanted = wanted.includes(button.dataset.wanted);
    if (isWanted) states.add(button.dataset.wanted);
    button.setAttribute("aria-pressed", String(isWanted));
  }
}

function listenToStates(states, heed) {
  for (const button of stateButtons) {
    button.addEventListener("click", () => {
      const { wanted } = button.dataset;
      if (!states.delete(wanted)) states.add(wanted);
      button.setAttribute("aria-pressed", String(states.has(wanted)));
      heed();
    });
  }
}

// --- what the address keeps: #name, or #name?filter=value

function inAddress() {
  const [name, filters] = location.hash.slice(1).split(/\?(.*)/s, 2);
  let decoded = name;
  try { decoded = decodeURIComponent(name); } catch { /* as it stands */ }
  return { name: decoded, filters: new URLSearchParams(filters ?? "") };
}

function addressOf(name, filters) {
  const kept = new URLSearchParams(Object.entries(filters ?? {}).filter(([, value]) => value));
  const tail = kept.toString();
  return `#${encodeURIComponent(name ?? "")}${tail ? `?${tail}` : ""}`;
}

function keepInAddress(name, filters) {
  const wanted = addressOf(name, filters);
  if (wanted !== (location.hash || "#")) history.replaceState(null, "", wanted);
}

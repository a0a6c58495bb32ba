// The list of changes. However many there are, only the rows in sight exist.
const ROW = 32;
const BESIDES = 8;
const MOST_ON_PAPER = 500;
const TABS = ["changes", "notices", "graph", "calendar"].filter($);

const plan = readPlan();
const small = matchMedia("(max-width: 900px), (max-height: 540px)"); // as in plan.css
const state = { words: [], kind: "", actions: new Set(), attention: false, items: [], at: -1, chosen: null };

function readPlan() {
  const found = JSON.parse($("plan").textContent);
  found.byName = new Map(found.changes.map((change) => [change.name, change]));
  found.told = new Set(found.needs.filter((need) => need.advisory).map((need) => need.name));
  found.backward = new Map();
  for (const change of found.changes) {
    for (const name of change.references) {
      if (!found.backward.has(name)) found.backward.set(name, []);
      found.backward.get(name).push(change.name);
    }
  }
  return found;
}

// --- which changes are shown

function textOf(change) {
  change.text ??= [change.name, change.action, change.id, change.place, ...change.consents,
    ...change.cells.flat(2)].join("\n").toLowerCase();
  return change.text;
}

function fits(change) {
  return (!state.kind || change.kind === state.kind)
    && (!state.actions.size || state.actions.has(change.action))
    && (!state.attention || change.consents.length > 0 || change.protected || change.unconfirmed)
    && state.words.every((word) => textOf(change).includes(word));
}

// What apply refuses comes first, then what it asks for, deletes, and the rest.
function rankOf(change) {
  if (change.protected) return 0;
  if (change.consents.some((name) => !plan.told.has(name))) return 1;
  return change.action === "delete" ? 2 : 3;
}

function mostImportant() {
  let best = null;
  for (const item of state.items) {
    if (item.name && (!best || rankOf(item) < rankOf(best))) best = item;
    if (best && rankOf(best) === 0) break;
  }
  return best;
}

function filter() {
  const groups = new Map();
  let number = 0;
  for (const change of plan.changes) {
    if (!fits(change)) continue;
    number += 1;
    change.nth = number;
    if (!groups.has(change.kind)) groups.set(change.kind, []);
    groups.get(change.kind).push(change);
  }
  state.items = [];
  for (const [kind, changes] of groups) state.items.push({ kind, number: changes.length }, ...changes);
  state.total = number;
  $("shown").textContent = `${counted(number)} of ${counted(plan.changes.length)} changes`;
  $("clear").hidden = number === plan.changes.length && !Object.values(filters()).some(Boolean);
  $("rows").style.height = `${state.items.length * ROW}px`;
  const kept = state.chosen && fits(state.chosen) ? state.chosen : null;
  if (small.matches) mark(kept);
  else choose(kept ?? mostImportant(), { quietly: true });
}

// --- what the address keeps

function filters() {
  return { q: $("search").value.trim(), kind: state.kind, action: [...state.actions].join(","),
    attention: state.attention ? "1" : "" };
}

function setFilters(given) {
  state.kind = [...$("kind").options].some((one) => one.value === given.get("kind")) ? given.get("kind") : "";
  state.actions = new Set((given.get("action") ?? "").split(",").filter((action) => action in SYMBOLS));
  state.attention = Boolean(given.get("attention"));
  $("search").value = given.get("q") ?? "";
  state.words = wordsOf($("search").value);
  $("kind").value = state.kind;
  $("attention").checked = state.attention;
  for (const button of toggles()) button.setAttribute("aria-pressed", String(state.actions.has(button.dataset.action)));
  filter();
}

function toggles() {
  return document.querySelectorAll("[data-action]");
}

function keep() {
  keepInAddress(state.chosen?.name, filters());
}

// --- the rows in sight

function view() {
  const list = $("list");
  if (!small.matches) return { top: list.scrollTop, height: list.clientHeight, by: list };
  return { top: -$("rows").getBoundingClientRect().top, height: innerHeight, by: window };
}

function paint() {
  const { top, height } = view();
  const first = Math.max(0, Math.floor(top / ROW) - BESIDES);
  const last = Math.min(state.items.length, first + Math.ceil(height / ROW) + 2 * BESIDES);
  const rows = [];
  for (let at = first; at < last; at += 1) {
    const item = state.items[at];
    const row = item.name ? rowFor(item, at) : groupFor(item);
    row.style.top = `${at * ROW}px`;
    rows.push(row);
  }
  $("rows").replaceChildren(...rows);
  for (const one of [$("list"), $("search")]) {
    if (state.at >= first && state.at < last) one.setAttribute("aria-activedescendant", `row-${state.at}`);
    else one.removeAttribute("aria-activedescendant");
  }
}

function groupFor({ kind, number }) {
  return make("div", { class: "group", role: "presentation" }, kind,
    make("span", { class: "muted" }, counted(number)));
}

function rowFor(change, at) {
  const columns = change.action === "delete"
    ? change.cells.map(([label, before, , note]) => `${label} ${before ?? note}`).join(", ")
    : [...new Set(change.cells.map(([label]) => label.split(/[.[]/, 1)[0]))].join(", ");
  const row = make("div", {
    class: "row", role: "option", id: `row-${at}`, "aria-selected": String(at === state.at),
    "aria-setsize": state.total, "aria-posinset": change.nth, "data-at": at,
  }, badge(change.action), make("span", { class: "name", title: change.name }, shortened(change.name)),
  make("span", { class: "columns" }, columns));
  if (change.protected) row.append(make("span", { class: "pill protected" }, "protected"));
  for (const name of change.consents) row.append(make("span", { class: "pill" }, name));
  if (change.unconfirmed) row.append(make("span", { class: "pill" }, "unconfirmed"));
  return row;
}

// All rows of a stack have ids that begin the same.
function shortened(name) {
  return name.replace(/\[[^\]]{2,}([^\]]{12})\]$/, "[…$1]");
}

function reveal() {
  if (state.at < 0 || $("list").offsetParent === null) return;
  const { top, height, by } = view();
  const [above, below] = small.matches ? [2 * ROW, 3 * ROW] : [ROW, ROW]; // a group, the footer
  const wanted = state.at * ROW;
  if (wanted < top + above) by.scrollBy(0, wanted - above - top);
  if (wanted + ROW + below > top + height) by.scrollBy(0, wanted + ROW + below - top - height);
}

// --- moving and choosing

function mark(change) {
  state.chosen = change;
  state.at = change ? state.items.indexOf(change) : -1;
  reveal();
  paint();
  keep();
}

function choose(change, { quietly = false } = {}) {
  if (!change || change !== state.shown) $("detail").replaceChildren(...(change ? detailOf(change, plan) : emptyDetail()));
  if (change !== state.shown) $("detail").scrollTop = 0;
  state.shown = change;
  mark(change);
  if (change && !quietly) say(spoken(change));
}

function emptyDetail() {
  const text = plan.changes.length ? "No change fits the filters." : "There is nothing to change.";
  return [make("p", { class: "muted" }, text)];
}

function move(step) {
  let at = Math.max(0, Math.min(state.items.length - 1, state.at + step));
  if (state.items[at] && !state.items[at].name) at += step < 0 && at > 0 ? -1 : 1;
  if (state.items[at]) choose(state.items[at]);
}

// In a small window the change takes the place of the list.
function open(change, { focus = true } = {}) {
  if (!change?.name) return;
  state.scrolled ??= scrollY;
  $("changes").classList.add("reading");
  choose(change);
  if (small.matches) scrollTo(0, Math.max(0, $("changes").offsetTop - 8));
  if (focus) $("detail").focus({ preventScroll: small.matches });
}

function close() {
  $("changes").classList.remove("reading");
  if (small.matches && state.scrolled !== undefined) scrollTo(0, state.scrolled);
  state.scrolled = undefined;
  $("list").focus({ preventScroll: true });
  reveal();
  paint();
}

function goTo(name) {
  const change = plan.byName.get(name);
  if (!change) return false;
  showTab("changes");
  if (!fits(change)) setFilters(new URLSearchParams());
  open(change, { focus: false });
  return true;
}

function showTab(name) {
  for (const tab of TABS) {
    $(tab).hidden = tab !== name;
    $(`tab-${tab}`).setAttribute("aria-selected", String(tab === name));
    $(`tab-${tab}`).tabIndex = tab === name ? 0 : -1;
  }
  if (name === "changes") paint();
}

// --- what people do

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const search = $("search");
  const typing = event.target.matches("input, select, textarea");
  if (event.key === "Escape") {
    if (event.target === search && search.value) { search.value = ""; search.dispatchEvent(new Event("input")); }
    else close();
    event.preventDefault();
    return;
  }
  if (typing && event.target !== search) return;
  const step = stepOf(event, typing);
  if (event.key === "/" && !typing) { showTab("changes"); search.focus(); search.select(); }
  else if (event.key === "g" && !typing) showTab($("graph").hidden ? "graph" : "changes");
  else if (step && !$("changes").hidden) move(step);
  else if (event.key === "Enter" && !event.target.closest("a, button, summary")) open(state.items[state.at]);
  else return;
  event.preventDefault();
}

function stepOf(event, typing) {
  const page = Math.max(1, Math.floor(view().height / ROW) - 1);
  const arrows = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
  if (typing) return arrows[event.key];
  const reading = $("detail").contains(event.target) && !event.target.closest("button");
  if (reading || event.target.matches("[role=tab]")) return { j: 1, k: -1 }[event.key];
  return { j: 1, k: -1, ...arrows, Home: -state.items.length, End: state.items.length }[event.key];
}

function onTabKey(event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step) return;
  const now = TABS.findIndex((tab) => !$(tab).hidden);
  const name = TABS[(now + step + TABS.length) % TABS.length];
  showTab(name);
  $(`tab-${name}`).focus();
}

function toPaper() {
  const changes = state.items.filter((item) => item.name);
  const shown = changes.slice(0, MOST_ON_PAPER).map((change) => make("article", null, ...detailOf(change, plan)));
  if (changes.length > MOST_ON_PAPER) {
    shown.push(make("p", null, `… and ${counted(changes.length - MOST_ON_PAPER)} more changes; filter to print others.`));
  }
  $("paper").replaceChildren(...shown);
}

function listen() {
  $("search").addEventListener("input", () => { state.words = wordsOf($("search").value); filter(); });
  $("kind").addEventListener("change", () => { state.kind = $("kind").value; filter(); });
  $("attention").addEventListener("change", () => { state.attention = $("attention").checked; filter(); });
  $("clear").addEventListener("click", () => { setFilters(new URLSearchParams()); $("search").focus(); });
  for (const button of toggles()) {
    button.addEventListener("click", () => {
      const { action } = button.dataset;
      if (!state.actions.delete(action)) state.actions.add(action);
      button.setAttribute("aria-pressed", String(state.actions.has(action)));
      filter();
    });
  }
  for (const button of document.querySelectorAll("[data-tab]")) {
    button.addEventListener("click", () => { showTab(button.dataset.tab); $(button.dataset.tab).focus(); });
  }
  for (const tab of TABS) {
    $(`tab-${tab}`).addEventListener("click", () => showTab(tab));
    $(`tab-${tab}`).addEventListener("keydown", onTabKey);
  }
  $("list").addEventListener("click", (event) => {
    const row = event.target.closest(".row");
    if (row) open(state.items[Number(row.dataset.at)], { focus: small.matches });
  });
  $("detail").addEventListener("click", (event) => {
    if (event.target.id === "back") close();
    if (event.target.dataset.step) move(Number(event.target.dataset.step));
  });
  for (const one of [$("list"), window]) {
    one.addEventListener("scroll", () => requestAnimationFrame(paint), { passive: true });
  }
  addEventListener("resize", paint);
  small.addEventListener("change", filter);
  addEventListener("hashchange", () => {
    const { name, filters: given } = inAddress();
    if ([...given].length) setFilters(given);
    if (!goTo(name)) keep();
  });
  addEventListener("beforeprint", toPaper);
  addEventListener("afterprint", () => $("paper").replaceChildren());
  document.addEventListener("keydown", onKey);
}

function start() {
  const { name, filters: given } = inAddress();
  startPage();
  startGraph();
  if ($("calendar")) startCalendar();
  listen();
  showTab("changes");
  setFilters(given);
  goTo(name);
  setTimeout(() => plan.changes.forEach(textOf), 100); // so that the first search is as quick as others
}

start();

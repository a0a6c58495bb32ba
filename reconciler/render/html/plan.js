// The list of changes. However many there are, only the rows in sight exist.
const ROW = 32;
const BESIDES = 8;
const MOST_ON_PAPER = 500;
const $ = (id) => document.getElementById(id);

const plan = readPlan();
const state = { words: [], kind: "", actions: new Set(), attention: false, items: [], active: -1, open: null };

function readPlan() {
  const found = JSON.parse($("plan").textContent);
  found.byName = new Map(found.changes.map((change) => [change.name, change]));
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

function filter() {
  const groups = new Map();
  let number = 0;
  for (const change of plan.changes) {
    if (!fits(change)) continue;
    number += 1;
    if (!groups.has(change.kind)) groups.set(change.kind, []);
    groups.get(change.kind).push(change);
  }
  const chosen = state.items[state.active];
  state.items = [];
  for (const [kind, changes] of groups) {
    state.items.push({ kind, number: changes.length }, ...changes);
  }
  state.total = number;
  state.active = Math.max(state.items.indexOf(chosen), Math.min(1, state.items.length - 1));
  $("shown").textContent = `${number.toLocaleString("en")} of ${plan.changes.length.toLocaleString("en")} changes`;
  $("rows").style.height = `${state.items.length * ROW}px`;
  $("list").scrollTop = 0;
  reveal();
  paint();
}

// --- the rows in sight

function paint() {
  const list = $("list");
  const first = Math.max(0, Math.floor(list.scrollTop / ROW) - BESIDES);
  const last = Math.min(state.items.length, first + Math.ceil(list.clientHeight / ROW) + 2 * BESIDES);
  const rows = [];
  for (let at = first; at < last; at += 1) {
    const item = state.items[at];
    const row = item.name ? rowFor(item, at) : groupFor(item);
    row.style.top = `${at * ROW}px`;
    rows.push(row);
  }
  $("rows").replaceChildren(...rows);
  if (state.items[state.active]?.name) list.setAttribute("aria-activedescendant", `row-${state.active}`);
  else list.removeAttribute("aria-activedescendant");
}

function groupFor({ kind, number }) {
  return make("div", { class: "group", role: "presentation" }, kind,
    make("span", { class: "muted" }, number.toLocaleString("en")));
}

function rowFor(change, at) {
  const columns = change.action === "delete"
    ? change.cells.map(([label, before, , note]) => `${label} ${before ?? note}`).join(", ")
    : [...new Set(change.cells.map(([label]) => label.split(/[.[]/, 1)[0]))].join(", ");
  const row = make("div", {
    class: "row", role: "option", id: `row-${at}`, "aria-selected": String(at === state.active),
    "aria-setsize": state.total, "data-at": at,
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
  const list = $("list");
  const top = state.active * ROW;
  if (top < list.scrollTop + ROW) list.scrollTop = top - ROW;
  if (top + 2 * ROW > list.scrollTop + list.clientHeight) list.scrollTop = top + 2 * ROW - list.clientHeight;
}

// --- moving and opening

function move(step) {
  let at = state.active + step;
  at = Math.max(0, Math.min(state.items.length - 1, at));
  if (state.items[at] && !state.items[at].name) at += step < 0 && at > 0 ? -1 : 1;
  if (!state.items[at]) return;
  state.active = at;
  reveal();
  paint();
  if (state.open) open(state.items[at], { focus: false });
}

function open(change, { focus = true } = {}) {
  if (!change?.name) return;
  state.open = change;
  $("detail").replaceChildren(...detailOf(change, plan));
  $("detail").scrollTop = 0;
  $("panes").classList.add("open");
  $("back").addEventListener("click", close);
  history.replaceState(null, "", `#${encodeURIComponent(change.name)}`);
  if (focus) $("detail").focus();
}

function close() {
  state.open = null;
  $("panes").classList.remove("open");
  $("detail").replaceChildren(make("p", { class: "muted" }, "Choose a change to see what it does."));
  history.replaceState(null, "", "#");
  $("list").focus();
}

function goTo(name) {
  const change = plan.byName.get(name);
  if (!change) return;
  showTab("changes");
  if (!fits(change)) clearFilters();
  state.active = state.items.indexOf(change);
  reveal();
  paint();
  open(change);
}

function clearFilters() {
  Object.assign(state, { words: [], kind: "", attention: false });
  state.actions.clear();
  $("search").value = "";
  $("kind").value = "";
  $("attention").checked = false;
  for (const button of document.querySelectorAll(".toggles button")) button.setAttribute("aria-pressed", "false");
  filter();
}

function showTab(name) {
  for (const tab of ["changes", "graph"]) {
    $(tab).hidden = tab !== name;
    $(`tab-${tab}`).setAttribute("aria-selected", String(tab === name));
    $(`tab-${tab}`).tabIndex = tab === name ? 0 : -1;
  }
  if (name === "changes") paint();
}

// --- what people do

function onKey(event) {
  const typing = event.target.matches("input, select");
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") { if (typing) $("list").focus(); else close(); return; }
  if (typing) { if (event.key === "Enter" && event.target === $("search")) $("list").focus(); return; }
  const page = Math.max(1, Math.floor($("list").clientHeight / ROW) - 1);
  const inList = !$("detail").contains(event.target) && !$("graph").contains(event.target);
  const arrows = inList && !event.target.matches("[role=tab]") ? { ArrowDown: 1, ArrowUp: -1,
    PageDown: page, PageUp: -page, Home: -state.items.length, End: state.items.length } : {};
  const step = { j: 1, k: -1, ...arrows }[event.key];
  if (event.key === "/") { showTab("changes"); $("search").focus(); $("search").select(); }
  else if (event.key === "g") showTab($("graph").hidden ? "graph" : "changes");
  else if (step) move(step);
  else if (event.key === "Enter" && !event.target.closest("a, button")) open(state.items[state.active]);
  else return;
  event.preventDefault();
}

function onTabKey(event) {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  const name = $("graph").hidden ? "graph" : "changes";
  showTab(name);
  $(`tab-${name}`).focus();
}

function toPaper() {
  const changes = state.items.filter((item) => item.name);
  const shown = changes.slice(0, MOST_ON_PAPER).map((change) => make("article", null, ...detailOf(change, plan)));
  if (changes.length > MOST_ON_PAPER) {
    shown.push(make("p", null, `… and ${changes.length - MOST_ON_PAPER} more changes; filter to print others.`));
  }
  $("paper").replaceChildren(...shown);
}

function start() {
  startTheme();
  startGraph();
  let waiting = 0;
  $("search").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      state.words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
      filter();
    }, plan.changes.length > 2000 ? 120 : 0);
  });
  $("kind").addEventListener("change", () => { state.kind = $("kind").value; filter(); });
  $("attention").addEventListener("change", () => { state.attention = $("attention").checked; filter(); });
  for (const button of document.querySelectorAll(".toggles button")) {
    button.addEventListener("click", () => {
      const { action } = button.dataset;
      if (!state.actions.delete(action)) state.actions.add(action);
      button.setAttribute("aria-pressed", String(state.actions.has(action)));
      filter();
    });
  }
  for (const tab of ["changes", "graph"]) {
    $(`tab-${tab}`).addEventListener("click", () => showTab(tab));
    $(`tab-${tab}`).addEventListener("keydown", onTabKey);
  }
  $("list").addEventListener("scroll", () => requestAnimationFrame(paint), { passive: true });
  $("list").addEventListener("click", (event) => {
    const row = event.target.closest(".row");
    if (!row) return;
    state.active = Number(row.dataset.at);
    paint();
    open(state.items[state.active]);
  });
  addEventListener("resize", paint);
  addEventListener("hashchange", () => goTo(nameInAddress()));
  addEventListener("beforeprint", toPaper);
  addEventListener("afterprint", () => $("paper").replaceChildren());
  document.addEventListener("keydown", onKey);
  filter();
  close();
  document.activeElement?.blur();
}

function nameInAddress() {
  try { return decodeURIComponent(location.hash.slice(1)); } catch { return ""; }
}

const wanted = nameInAddress();
start();
goTo(wanted);

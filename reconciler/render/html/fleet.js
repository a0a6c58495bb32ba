// The table of a fleet: all rows stand in the page; this only hides, sorts and chooses them.
const rows = [...document.querySelectorAll("#organizations tbody tr")];
const groups = [...document.querySelectorAll("details.fold")];
const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
const everything = $("chosen").textContent;
const states = new Set();
let chosen = null;

function filters() {
  return { q: $("search").value.trim(), wave: $("wave").value, state: [...states].join(",") };
}

// An address that only names a group stays: the browser went there.
function keep() {
  const nothing = !chosen && !Object.values(filters()).some(Boolean);
  if (nothing && isGroup(inAddress().name)) return;
  keepInAddress(chosen?.cells[0].textContent, filters());
}

function filter() {
  const words = wordsOf($("search").value);
  const wave = $("wave").value;
  let number = 0;
  for (const row of rows) {
    const fits = (!wave || row.dataset.wave === wave)
      && (!states.size || states.has(row.dataset.state))
      && words.every((word) => texts.get(row).includes(word));
    row.hidden = !fits;
    number += Number(fits);
  }
  $("shown").textContent =
    `${counted(number)} of ${counted(rows.length)} organizations`;
  keep();
}

// --- sorting: the order of the fleet, up, down

function sortBy(head) {
  const now = head.getAttribute("aria-sort");
  const next = { none: "ascending", ascending: "descending", descending: "none" }[now];
  for (const other of document.querySelectorAll("#organizations th")) other.setAttribute("aria-sort", "none");
  head.setAttribute("aria-sort", next);
  const at = head.cellIndex;
  const sign = next === "descending" ? -1 : 1;
  const valueOf = (row) => row.cells[at].dataset.value ?? row.cells[at].textContent;
  const compare = (one, other) =>
    sign * valueOf(one).localeCompare(valueOf(other), "en", { numeric: true });
  const ordered = next === "none" ? rows : [...rows].sort(compare);
  document.querySelector("#organizations tbody").append(...ordered);
}

// --- the changes of one organization

function choose(row) {
  chosen = row;
  for (const one of rows) one.setAttribute("aria-selected", String(one === chosen));
  const wanted = chosen ? new Set(chosen.dataset.groups.split(" ")) : null;
  for (const group of groups) group.hidden = wanted !== null && !wanted.has(group.id);
  $("chosen").textContent = chosen
    ? `Those of ${chosen.cells[0].textContent} alone are shown. Esc shows all again.` : everything;
  if (chosen) $("changes").scrollIntoView({ block: "start" });
  keep();
}

// --- what the address keeps

function isGroup(name) {
  return groups.some((group) => group.id === name);
}

function readAddress() {
  const { name, filters: given } = inAddress();
  if (isGroup(name)) { filter(); return; }
  $("search").value = given.get("q") ?? "";
  $("wave").value = [...$("wave").options].some((one) => one.value === given.get("wave")) ? given.get("wave") : "";
  press(states, (given.get("state") ?? "").split(","));
  choose(rows.find((row) => row.dataset.groups && row.cells[0].textContent === name) ?? null);
  filter();
}

// --- what people do

function start() {
  startPage();
  $("search").addEventListener("input", filter);
  $("wave").addEventListener("change", filter);
  listenToStates(states, filter);
  for (const head of document.querySelectorAll("#organizations th")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sortBy(head));
    head.append(button);
  }
  for (const row of rows) {
    if (!row.dataset.groups) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.title = "Show its changes alone";
    button.append(...row.cells[0].childNodes);
    button.addEventListener("click", () => choose(chosen === row ? null : row));
    row.cells[0].append(button);
  }
  document.addEventListener("keydown", (event) => {
    const search = $("search");
    if (event.key === "/" && event.target !== search) { event.preventDefault(); search.focus(); }
    if (event.key !== "Escape") return;
    if (event.target === search && search.value) { search.value = ""; filter(); } else if (chosen) choose(null);
  });
  addEventListener("hashchange", readAddress);
  readAddress();
}
start();

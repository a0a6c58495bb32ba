// What a run did, entry by entry: all stand in the page; this only hides, opens and finds them.
const entries = [...document.querySelectorAll("[data-state]")];
const folds = [...document.querySelectorAll("details.fold")];
const texts = new Map(entries.map((entry) => [entry, entry.textContent.toLowerCase()]));
const states = new Set();
let chosen = null;

function filters() {
  return { q: $("search").value.trim(), state: [...states].join(",") };
}

function filter() {
  const words = wordsOf($("search").value);
  let number = 0;
  for (const entry of entries) {
    const fits = (!states.size || states.has(entry.dataset.state))
      && words.every((word) => texts.get(entry).includes(word));
    entry.hidden = !fits;
    number += Number(fits);
  }
  const filtering = words.length > 0 || states.size > 0;
  for (const fold of folds) {
    const found = fold.querySelector("[data-state]:not([hidden])");
    fold.hidden = filtering && !found;
    if (filtering && found) fold.open = true;
  }
  $("shown").textContent = `${counted(number)} of ${counted(entries.length)} entries`;
  keepInAddress(chosen?.id, filters());
}

function choose(entry) {
  chosen?.classList.remove("chosen");
  chosen = entry;
  if (!entry) return;
  entry.classList.add("chosen");
  entry.closest("details").open = true;
  entry.scrollIntoView({ block: "nearest" });
  say(entry.textContent.trim().replace(/\s+/g, " ").slice(0, 300));
  keepInAddress(entry.id, filters());
}

function move(step) {
  const shown = entries.filter((entry) => !entry.hidden);
  const at = shown.indexOf(chosen);
  choose(shown[Math.max(0, Math.min(shown.length - 1, at + step))]);
}

function readAddress() {
  const { name, filters: given } = inAddress();
  $("search").value = given.get("q") ?? "";
  press(states, (given.get("state") ?? "").split(","));
  chosen = null;
  const wanted = name && entries.find((entry) => entry.id === name);
  filter();
  if (wanted) choose(wanted);
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const search = $("search");
  const typing = event.target === search;
  const step = { ArrowDown: typing && 1, ArrowUp: typing && -1, j: !typing && 1, k: !typing && -1 }[event.key];
  if (step) move(step);
  else if (event.key === "/" && !typing) { search.focus(); search.select(); }
  else if (event.key === "Escape" && typing) { if (search.value) { search.value = ""; filter(); } else search.blur(); }
  else return;
  event.preventDefault();
}

function start() {
  startPage();
  $("search").addEventListener("input", filter);
  listenToStates(states, filter);
  document.addEventListener("keydown", onKey);
  addEventListener("hashchange", readAddress);
  readAddress();
}

start();

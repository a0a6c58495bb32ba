// One change with all that is known about it.
const SYMBOLS = { create: "+", adopt: "=", rename: ">", release: "<", update: "~", delete: "-" };
const MOST_SPOKEN = 4;

function badge(action) {
  return make("span", { class: `badge ${action}` }, `${SYMBOLS[action]} ${action}`);
}

function detailOf(change, plan) {
  return [
    make("button", { type: "button", id: "back" }, "Back to the list"),
    make("span", { class: "next" }, stepButton(-1, "Previous"), stepButton(1, "Next")),
    make("h2", null, badge(change.action), " ", make("a", { href: `#${encodeURIComponent(change.name)}` }, change.name)),
    factsOf(change, plan),
    ...cellsOf(change),
    ...namesOf("Refers to", change.references, plan),
    ...namesOf("Referred to by", plan.backward.get(change.name) ?? [], plan),
  ];
}

function stepButton(step, name) {
  return make("button", { type: "button", "data-step": step }, name);
}

// What screen readers hear when a change is chosen.
function spoken(change) {
  const columns = change.cells.slice(0, MOST_SPOKEN).map(([label, before, after, note]) =>
    `${label}: ${note ?? [before, after].map((one) => (one === null ? "not there" : one.slice(0, 80))).join(" becomes ")}`);
  const more = change.cells.length - columns.length;
  if (more > 0) columns.push(`${counted(more)} more`);
  const asked = [...change.consents, ...(change.protected ? ["protected"] : [])];
  return [`${change.action} ${change.name}`, ...columns, asked.length ? `needs attention: ${asked.join(", ")}` : ""]
    .filter(Boolean).join(". ");
}

function factsOf(change, plan) {
  const facts = [
    ["In the YAML", make("code", null, change.place)],
    ["Row", change.id ? make("code", { class: "whole" }, change.id) : "the server chooses the id"],
  ];
  if (change.protected) facts.push(["Protected", "apply will refuse"]);
  for (const name of change.consents) {
    const need = plan.needs.find((one) => one.name === name);
    const head = need?.advisory ? name : `needs --allow ${name}`;
    facts.push([need?.advisory ? "Notice" : "Consent", `${head}: ${need?.meaning ?? ""}`]);
  }
  if (change.unconfirmed) facts.push(["Unconfirmed", "the API may refuse this"]);
  return make("dl", null, ...facts.flatMap(([name, value]) =>
    [make("dt", null, name), make("dd", null, value)]));
}

function cellsOf(change) {
  if (!change.cells.length) return [];
  const both = [1, 2].every((side) => change.cells.some((cell) => cell[side] !== null));
  const heads = both ? ["Column", "Before", "After"] : ["Column", "Value"];
  const head = make("tr", null, ...heads.map((text) => make("th", { scope: "col" }, text)));
  const rows = change.cells.map((cell) => rowOf(cell, both));
  const table = make("table", { class: "cells" }, make("thead", null, head), make("tbody", null, ...rows));
  return [make("h3", null, change.action === "delete" ? "Which row" : "Columns"), table];
}

function rowOf([label, before, after, note, lines, remark], both) {
  const name = make("td", null, ...breakable(label));
  const wide = both ? 2 : 1;
  if (note) return make("tr", null, name, make("td", { colspan: wide, class: "none" }, note));
  if (remark) name.append(make("div", { class: "none" }, remark));
  if (lines) return make("tr", null, name, make("td", { colspan: wide }, linesOf(lines)));
  if (!both) return make("tr", null, name, make("td", null, pretty(after ?? before)));
  const [left, right] = differing(before, after);
  return make("tr", null, name, sideOf(before, "del", left), sideOf(after, "ins", right));
}

// A long name may break behind a dot, an underscore or a bracket.
function breakable(label) {
  return label.split(/(?<=[._\]])/).flatMap((part) => [part, make("wbr")]);
}

function sideOf(text, tag, parts) {
  if (text === null) return make("td", { class: "none" }, "not there");
  if (!parts) return make("td", null, make(tag, null, pretty(text)));
  return make("td", null, parts[0], make(tag, null, parts[1]), parts[2]);
}

function linesOf(lines) {
  const sorts = { "+": "in", "-": "out" };
  return make("div", { class: "lines" }, ...lines.map((line) =>
    make("div", { class: sorts[line[0]] ?? "" }, line)));
}

// Where two texts have enough in common, only the middle that differs is marked.
function differing(before, after) {
  if (before === null || after === null) return [];
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  if ((head + tail) * 2 < most) return [];
  return [before, after].map((text) =>
    [text.slice(0, head), text.slice(head, text.length - tail), text.slice(text.length - tail)]);
}

function pretty(text) {
  if (text.length < 60 || !"[{".includes(text[0])) return text;
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

function namesOf(title, names, plan) {
  if (!names.length) return [];
  const items = names.slice(0, 100).map((name) => make("li", null,
    plan.byName.has(name)
      ? make("a", { href: `#${encodeURIComponent(name)}` }, `${plan.byName.get(name).action} ${name}`)
      : make("span", null, `${name}, unchanged`)));
  if (names.length > 100) items.push(make("li", { class: "muted" }, `… and ${names.length - 100} more`));
  return [make("h3", null, title), make("ul", { class: "names mono" }, ...items)];
}

// What is told of the chosen box, beside the graph.
const MOST_TOLD = 40;
const STEPS = [1, 2, 3];

function tell(state) {
  const item = state.chosen ? state.items[state.at] : null;
  const parts = item ? toldOf(state, item) : toldOfAll(state);
  $("graph-told").replaceChildren(...parts.filter(Boolean));
}

function toldOfAll(state) {
  const { focus, graph } = state;
  const kinds = counts(shownNodes(state).nodes.map((node) => node.kind));
  return [
    make("h2", null, focus ? `What ${focus.name} touches` : "All of it"),
    focus ? stepsOf(state, focus.nodes) : make("p", { class: "muted" }, "Choose a box to see what it refers to, and what refers to it."),
    state.by === "group" && !focus ? make("p", { class: "muted" }, `A box of ${graph.groupKind} holds what belongs to it alone; what several share stands between.`) : null,
    ...(graph.wholeKinds ? [] : [make("h3", null, "Kinds"), make("dl", { class: "counts" }, ...kinds)]),
  ];
}

function toldOf(state, item) {
  const { box } = item;
  const whole = box.group && item.id === box.id;
  const nodes = chosenNodes(state);
  const node = whole ? null : item.node;
  return [
    make("h2", null, node ? node.name : titleOf(box)),
    node ? factsOf(state, node) : make("p", null, underTitle(box)),
    whole ? foldButton(box) : null,
    stepsOf(state, nodes),
    whole && box.node?.action ? factsOf(state, box.node) : null,
    whole ? make("h3", null, "Holds") : null,
    whole ? make("dl", { class: "counts" }, ...counts(box.members.map((one) => one.kind))) : null,
    ...endsOf(state, "Refers to", nodes, "out", "to"),
    ...endsOf(state, "Referred to by", nodes, "into", "from"),
  ];
}

function factsOf(state, node) {
  const facts = make("p", null, node.known ? node.kind : `${node.kind}, not in the YAML`);
  if (!node.action) return facts;
  facts.prepend(make("span", { class: `badge ${node.action}` }, `${state.graph.signs[node.action]} ${node.action}`), " ");
  if ($("changes")) facts.append(" ", make("a", { href: addressOf(node.name) }, "Show the change"));
  return facts;
}

function foldButton(box) {
  return make("button", { type: "button", "data-fold": box.id, "aria-expanded": String(box.open) }, box.open ? "Fold" : "Unfold");
}

function stepsOf(state, nodes) {
  const same = state.focus && nodes.length === state.focus.nodes.length && nodes.every((node, at) => node === state.focus.nodes[at]);
  const buttons = STEPS.map((steps) => make("button", {
    type: "button", "data-steps": steps, "aria-pressed": String(Boolean(same && state.focus.steps === steps)),
    "aria-label": `What it touches, ${steps} ${steps === 1 ? "step" : "steps"} far`,
  }, String(steps)));
  return make("div", { class: "steps" }, make("span", null, "What it touches, steps:"), make("div", { class: "toggles", role: "group", "aria-label": "Steps" }, ...buttons));
}

function endsOf(state, title, nodes, side, end) {
  const inside = new Set(nodes);
  const labels = new Map();
  for (const edge of nodes.flatMap((node) => node[side])) {
    if (!inside.has(edge[end])) labels.set(edge[end], [...(labels.get(edge[end]) ?? []), edge.label]);
  }
  if (!labels.size) return [];
  const rows = [...labels].slice(0, MOST_TOLD).map(([node, columns]) => make("li", null,
    make("button", { type: "button", class: "plain", "data-to": node.name }, node.label),
    make("span", { class: "muted" }, ` ${columns.length > 1 ? `${counted(columns.length)} times` : columns[0]}`)));
  if (labels.size > MOST_TOLD) rows.push(make("li", { class: "muted" }, `… and ${counted(labels.size - MOST_TOLD)} more`));
  return [make("h3", null, `${title} (${counted(labels.size)})`), make("ul", { class: "ends" }, ...rows)];
}

function counts(names) {
  const found = new Map();
  for (const name of names) found.set(name, (found.get(name) ?? 0) + 1);
  return [...found].flatMap(([name, number]) => [make("dt", null, counted(number)), make("dd", { class: "mono" }, name)]);
}

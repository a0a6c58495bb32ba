// The graph as people use it: folding, choosing, focus, search, keys. It is drawn when it first is
// in sight, so a page of which it is a part loses no time for it.
function startGraph({ onMove = () => {} } = {}) {
  const graph = readGraph();
  const view = makeView($("graph-canvas"));
  const state = {
    graph, view, by: graph.by, unfolded: new Set(), focus: null, chosen: null, words: [],
    scene: null, items: [], links: [], at: 0, size: null, onMove,
  };
  offerGroupings(state);
  listenToGraph(state);
  new ResizeObserver(() => resized(state)).observe(view.canvas);
  return { open: (name, by, steps) => openAt(state, name, by, steps) };
}

// What an address says: a resource, what boxes are, and how far to look around it.
function openAt(state, name, by, steps) {
  const node = state.graph.byName.get(name) ?? null;
  if ([...$("graph-by").options].some((one) => one.value === by)) state.by = by;
  state.chosen = node;
  state.focus = node && steps ? { nodes: [node], steps: Math.min(3, Math.max(1, steps)), name: node.label } : null;
  if (state.focus ? state.size : !node && state.size) redraw(state, { fit: true });
  else if (node && !state.focus) goToNode(state, node);
}

// What would be too many boxes is not offered, but for what is within some steps of one of them.
function offerGroupings(state) {
  const { graph } = state;
  const texts = { resource: graph.wholeKinds ? "whole kinds" : "each resource", group: `by ${graph.groupKind}`, kind: "by kind" };
  const offered = Object.keys(texts).filter((by) => {
    if (graph.wholeKinds || by === "group" && !graph.groupKind) return by === "resource";
    return by === "kind" || boxesBy(graph, by) <= MOST_BOXES;
  });
  if (!offered.includes(state.by)) state.by = offered.at(-1);
  $("graph-by").append(...offered.map((value) => make("option", { value }, texts[value])));
}

// --- drawing

function shownNodes(state) {
  if (!state.focus) return { nodes: state.graph.nodes, by: state.by };
  const found = near(state.focus.nodes, state.focus.steps);
  const nodes = state.graph.nodes.filter((node) => found.has(node));
  const fits = nodes.length <= MOST_FOCUSED;
  return { nodes, by: fits ? "resource" : state.by === "resource" ? "kind" : state.by };
}

function draw(state) {
  const { nodes, by } = shownNodes(state);
  const scene = boxesOf(state.graph, { nodes, by, unfolded: state.unfolded, chosen: state.chosen });
  const laid = layOut(scene.boxes, scene.links.map(({ from, to }) => [from.id, to.id]));
  for (const box of scene.boxes) Object.assign(box, laid.boxes.get(box.id));
  scene.links = laid.links.map(({ points }, at) => ({ ...scene.links[at], points }));
  const { content, items, links } = drawn(scene, state.graph.signs);
  Object.assign(state, { scene, items, links, by: state.focus ? state.by : by });
  put(state.view, content, laid, scene.boxes);
  state.view.svg.setAttribute("aria-label", `${counted(scene.boxes.length)} boxes, ${counted(scene.links.length)} references between them`);
  $("graph-by").value = by;
  $("graph-by").disabled = Boolean(state.focus);
  $("graph-back").hidden = !state.focus;
  state.at = Math.max(0, itemOf(state, state.chosen));
  items[state.at]?.element.setAttribute("tabindex", "0");
  mark(state);
}

// After a change of what is drawn, the chosen box stays where it was on the screen.
function redraw(state, { anchor = state.items[state.at], fit = false } = {}) {
  const { view } = state;
  const hadFocus = view.svg.contains(document.activeElement);
  const before = anchor && { x: anchor.x * view.k + view.x, y: anchor.y * view.k + view.y };
  draw(state);
  const now = state.items[state.at];
  if (fit || !before || !now) fitted(view, { readable: true, first: state.scene.boxes.find((box) => box.group) ?? state.scene.boxes[0] });
  else pan(view, before.x - (now.x * view.k + view.x), before.y - (now.y * view.k + view.y));
  if (fit && now && state.chosen) flyTo(view, now);
  if (hadFocus) now?.element.focus({ preventScroll: true });
  tell(state);
}

function resized(state) {
  const { clientWidth: width, clientHeight: height } = state.view.canvas;
  if (!width || !height) return;
  const first = !state.size;
  state.size = { width, height };
  if (!first) { moved(state.view); return; }
  redraw(state, { fit: true });
  document.documentElement.classList.add("drawn");
  performance.mark("graph-drawn");
}

// --- choosing

function itemOf(state, chosen) {
  if (!chosen) return -1;
  const exact = state.items.findIndex((item) => item.node === chosen || item.id === chosen.id);
  if (exact >= 0 || !chosen.name) return exact;
  const box = state.scene.holding.get(chosen);
  return state.items.findIndex((item) => item.id === box?.id);
}

function choose(state, item, { fly = true, focus = true } = {}) {
  if (!item) return;
  state.items[state.at]?.element.setAttribute("tabindex", "-1");
  state.at = state.items.indexOf(item);
  state.chosen = item.node ?? item.box;
  item.element.setAttribute("tabindex", "0");
  if (fly) flyTo(state.view, item);
  if (focus) item.element.focus({ preventScroll: true });
  mark(state);
  tell(state);
  state.onMove(state);
}

function chooseNothing(state) {
  state.chosen = null;
  mark(state);
  tell(state);
  state.onMove(state);
}

function goToNode(state, node) {
  state.chosen = node;
  if (state.focus && !shownNodes(state).nodes.includes(node)) state.focus = null;
  const { by } = shownNodes(state);
  const group = groupOf(state.graph, node, by);
  if (group && group.owner !== node) state.unfolded.add(group.id);
  if (!state.size) return; // it is drawn with the node in sight
  redraw(state, { anchor: null });
  choose(state, state.items[itemOf(state, node)], { focus: false });
}

function toggle(state, box) {
  if (!box?.group) return;
  if (!state.unfolded.delete(box.id)) state.unfolded.add(box.id);
  if (!box.open || state.items[state.at]?.box === box) state.chosen = box.node ?? box;
  redraw(state, { anchor: state.items.find((item) => item.id === box.id) });
  say(`${titleOf(box)} ${box.open ? "folded" : "unfolded"}`);
}

function focusOn(state, nodes, steps) {
  const name = nodes.length === 1 ? nodes[0].label : titleOf(state.scene.holding.get(nodes[0]));
  state.focus = { nodes, steps, name };
  redraw(state, { fit: true });
  say(`${counted(state.scene.boxes.length)} boxes within ${steps} ${steps === 1 ? "step" : "steps"} of ${name}`);
  state.onMove(state);
}

function showAll(state) {
  if (!state.focus) return false;
  state.focus = null;
  redraw(state, { fit: true });
  state.onMove(state);
  return true;
}

function chosenNodes(state) {
  const item = state.items[state.at];
  if (!state.chosen || !item) return [];
  return item.box.group && item.id === item.box.id ? item.box.members : [item.node];
}

// --- what stands out: the chosen with what it touches, and what is found

function mark(state) {
  const item = state.chosen ? state.items[state.at] : null;
  const mine = new Set(chosenNodes(state));
  const beside = new Set();
  for (const { edges, element, from, to } of state.links) {
    const mines = item && edges.some((edge) => mine.has(edge.from) || mine.has(edge.to));
    element.classList.toggle("near", Boolean(mines));
    if (mines) { beside.add(from.id); beside.add(to.id); element.parentNode.append(element); }
  }
  state.view.svg.classList.toggle("has-chosen", Boolean(item) && !state.focus);
  for (const one of state.items) {
    one.element.classList.toggle("chosen", one === item);
    one.element.classList.toggle("near", one !== item && one.id === one.box.id && beside.has(one.id));
    one.element.classList.toggle("far", state.words.length > 0 && !holds(state, one));
  }
}

function fitsWords(state, node) {
  const name = node.name.toLowerCase();
  return state.words.every((word) => name.includes(word));
}

function holds(state, item) {
  return item.id === item.box.id && item.box.group ? item.box.members.some((node) => fitsWords(state, node)) : fitsWords(state, item.node);
}

function find(state) {
  state.words = wordsOf($("graph-find").value);
  state.found = state.words.length ? state.graph.nodes.filter((node) => fitsWords(state, node)) : [];
  state.foundAt = -1;
  $("graph-found").textContent = state.words.length ? `${counted(state.found.length)} found${state.found.length ? ", Enter goes there" : ""}` : "";
  mark(state);
  const first = state.found.map((node) => state.items[itemOf(state, node)]).find(Boolean);
  if (first) flyTo(state.view, first);
}

function findNext(state, step) {
  if (!state.found?.length) return;
  state.foundAt = (state.foundAt + step + state.found.length) % state.found.length;
  const node = state.found[state.foundAt];
  goToNode(state, node);
  $("graph-found").textContent = `${counted(state.foundAt + 1)} of ${counted(state.found.length)} found`;
  say(node.name);
}

// What people do with the graph: by pointer, and all of it by keys.
const PANNED = 80;

function listenToGraph(state) {
  const { view } = state;
  view.svg.addEventListener("click", (event) => onClick(state, event));
  view.svg.addEventListener("dblclick", (event) => {
    const item = itemAt(state, event.target);
    if (item?.box.group && item.id === item.box.id) toggle(state, item.box);
  });
  view.svg.addEventListener("focusin", (event) => {
    const item = itemAt(state, event.target);
    if (item && state.items[state.at] !== item) choose(state, item, { focus: false });
  });
  $("graph-find").addEventListener("input", () => find(state));
  $("graph-by").addEventListener("change", () => {
    state.by = $("graph-by").value;
    redraw(state, { fit: true });
    state.onMove(state);
  });
  $("graph-in").addEventListener("click", () => zoom(view, ZOOM.step));
  $("graph-out").addEventListener("click", () => zoom(view, 1 / ZOOM.step));
  $("graph-fit").addEventListener("click", () => fitted(view));
  $("graph-back").addEventListener("click", () => { showAll(state); state.items[state.at]?.element.focus({ preventScroll: true }); });
  $("graph-told").addEventListener("click", (event) => onTold(state, event.target));
  document.addEventListener("keydown", (event) => {
    if (isMine(event) && onGraphKey(state, event)) { event.preventDefault(); event.stopPropagation(); }
  }, { capture: true }); // before the page around it takes the key
}

function itemAt(state, target) {
  const id = target.closest?.(".item")?.dataset.id;
  return state.items.find((item) => item.id === id);
}

function onClick(state, event) {
  if (state.view.dragged) return;
  const item = itemAt(state, event.target);
  if (!item) { chooseNothing(state); return; }
  choose(state, item, { fly: false });
  if (event.target.closest(".fold, .chevron")) toggle(state, item.box);
}

function onTold(state, target) {
  const { fold, steps, to } = target.dataset;
  if (fold) toggle(state, state.scene.byId.get(fold));
  if (steps) focusOn(state, state.chosen ? chosenNodes(state) : state.focus.nodes, Number(steps));
  if (to) goToNode(state, state.graph.byName.get(to));
  if (!target.isConnected) $("graph-told").querySelector(refound(fold, steps))?.focus();
}

function refound(fold, steps) {
  return fold ? "[data-fold]" : steps ? `[data-steps="${steps}"]` : "button";
}

function isMine(event) {
  const seen = $("graph-canvas").clientWidth > 0 && !(event.ctrlKey || event.metaKey || event.altKey);
  const nowhere = event.target === document.body || event.target.id === "main";
  return seen && (nowhere || $("graph").contains(event.target) || event.key === "/");
}

function onGraphKey(state, event) {
  const search = $("graph-find");
  if (event.target === search) return onFindKey(state, event, search);
  if (event.target.matches("select, input")) return false;
  if (event.key === "/") { search.focus(); search.select(); return true; }
  if (event.key === "Escape") return showAll(state) || leave(state);
  if (event.key === "f" && chosenNodes(state).length) { focusOn(state, chosenNodes(state), 2); return true; }
  const zoomed = { "+": () => zoom(state.view, ZOOM.step), "-": () => zoom(state.view, 1 / ZOOM.step), 0: () => fitted(state.view) }[event.key];
  if (zoomed) { zoomed(); return true; }
  if ($("graph-told").contains(event.target)) return false;
  return onBoxKey(state, event);
}

function onFindKey(state, event, search) {
  if (event.key === "Enter") { findNext(state, event.shiftKey ? -1 : 1); return true; }
  if (event.key === "Escape" && !search.value) { state.items[state.at]?.element.focus({ preventScroll: true }); return true; }
  if (event.key === "Escape") { search.value = ""; find(state); return true; }
  return false;
}

function leave(state) {
  if (!state.chosen) return false;
  chooseNothing(state);
  return true;
}

function onBoxKey(state, event) {
  const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  const item = state.items[state.at];
  if (event.target.closest("button")) return false;
  if (direction && !event.shiftKey && !state.view.svg.contains(event.target)) { choose(state, item); return true; }
  if (direction && event.shiftKey) { pan(state.view, -direction[0] * PANNED, -direction[1] * PANNED); return true; }
  if (direction) { choose(state, nearestItem(state.items, item, direction) ?? item); return true; }
  if (event.key === "Home" || event.key === "End") { choose(state, state.items.at(event.key === "Home" ? 0 : -1)); return true; }
  if (event.key !== "Enter" && event.key !== " ") return false;
  if (item.box.group && item.id === item.box.id) toggle(state, item.box);
  else { choose(state, item); $("graph-told").focus(); }
  return true;
}

// The nearest in a direction, where what lies askew counts as farther away.
function nearestItem(items, from, [dx, dy]) {
  let best = null;
  for (const item of items) {
    const along = (edgeOf(item, -dx, -dy) - edgeOf(from, dx, dy)) * (dx + dy);
    const beyond = dx ? (middle(item).x - middle(from).x) * dx : (middle(item).y - middle(from).y) * dy;
    if (item === from || beyond <= 0.5) continue;
    const askew = dx ? apartBy(item.y, item.height, from.y, from.height) : apartBy(item.x, item.width, from.x, from.width);
    const distance = Math.max(0, along) + 3 * askew + beyond / 1000;
    if (!best || distance < best.distance) best = { item, distance };
  }
  return best?.item;
}

function edgeOf(item, dx, dy) {
  if (dx) return dx > 0 ? item.x + item.width : item.x;
  return dy > 0 ? item.y + item.height : item.y;
}

function middle(item) {
  return { x: item.x + item.width / 2, y: item.y + item.height / 2 };
}

function apartBy(one, length, other, otherLength) {
  return Math.max(0, other - (one + length), one - (other + otherLength));
}

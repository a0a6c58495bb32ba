// What of the graph is in sight: zoom, pan, flying to a box, and the small overview.
const ZOOM = { least: 0.08, most: 3, step: 1.25, readable: 0.72, fitted: 1.15 };
const FLIGHT = 220;
const OVERVIEW = { width: 168, height: 116 };
const still = matchMedia("(prefers-reduced-motion: reduce)");

function makeView(canvas) {
  const tips = ["", "-near"].map((more) => shape("marker", {
    id: `graph-tip${more}`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8,
    markerUnits: "userSpaceOnUse", orient: "auto",
  }, shape("path", { class: `tip${more}`, d: "M0 0 8 4 0 8z" })));
  const svg = shape("svg", { class: "graph", role: "group" }, shape("defs", null, ...tips));
  const overview = shape("svg", { class: "overview", "aria-hidden": "true", ...OVERVIEW });
  canvas.replaceChildren(svg, overview);
  const view = { canvas, svg, overview, content: null, x: 0, y: 0, k: 1, size: { width: 1, height: 1 }, flight: 0 };
  listenToPointers(view);
  listenToOverview(view);
  addEventListener("beforeprint", () => onPaper(view));
  addEventListener("afterprint", () => { view.printed = false; svg.removeAttribute("viewBox"); moved(view); });
  return view;
}

function put(view, content, size, boxes) {
  view.content?.remove();
  view.content = content;
  view.size = size;
  view.svg.append(content);
  const scale = Math.min(OVERVIEW.width / size.width, OVERVIEW.height / size.height);
  view.small = { scale, x: (OVERVIEW.width - size.width * scale) / 2, y: (OVERVIEW.height - size.height * scale) / 2 };
  view.frame = shape("rect", { class: "sight" });
  view.overview.replaceChildren(shape("g", { transform: `translate(${view.small.x} ${view.small.y}) scale(${scale})` },
    ...boxes.map((box) => shape("rect", { class: "dot", x: box.x, y: box.y, width: box.width, height: box.height })), view.frame));
  moved(view);
}

function moved(view) {
  if (!view.content || view.printed) return;
  view.content.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.k})`);
  const { clientWidth: width, clientHeight: height } = view.canvas;
  const sight = { x: -view.x / view.k, y: -view.y / view.k, width: width / view.k, height: height / view.k };
  for (const [name, value] of Object.entries(sight)) view.frame.setAttribute(name, value);
  const all = inSight(view, { x: 0, y: 0, ...view.size });
  view.overview.classList.toggle("needless", all);
}

// On paper is all of it, as large as there is room for.
function onPaper(view) {
  view.printed = true;
  view.svg.setAttribute("viewBox", `0 0 ${view.size.width} ${view.size.height}`);
  view.content?.removeAttribute("transform");
}

// What must be read may be too large for the canvas; then the first box is in its middle.
function fitted(view, { readable = false, first = null } = {}) {
  const { clientWidth: width, clientHeight: height } = view.canvas;
  const wanted = Math.min(ZOOM.fitted, width / view.size.width, height / view.size.height);
  view.k = Math.max(ZOOM.least, readable ? Math.max(ZOOM.readable, wanted) : wanted);
  view.x = Math.max(0, (width - view.size.width * view.k) / 2);
  view.y = Math.max(0, (height - view.size.height * view.k) / 2);
  if (first && view.size.width * view.k > width + 1) {
    const middleOf = (at, length, whole, all) => Math.min(0, Math.max(whole - all * view.k, whole / 2 - (at + length / 2) * view.k));
    view.x = middleOf(first.x, first.width, width, view.size.width);
    if (view.size.height * view.k > height) view.y = middleOf(first.y, first.height, height, view.size.height);
  }
  moved(view);
}

function zoom(view, factor, at) {
  const k = Math.min(ZOOM.most, Math.max(ZOOM.least, view.k * factor));
  const { x, y } = at ?? { x: view.canvas.clientWidth / 2, y: view.canvas.clientHeight / 2 };
  view.x = x - ((x - view.x) * k) / view.k;
  view.y = y - ((y - view.y) * k) / view.k;
  view.k = k;
  moved(view);
}

function pan(view, dx, dy) {
  view.x += dx;
  view.y += dy;
  moved(view);
}

function inSight(view, { x, y, width, height }) {
  const [left, top] = [x * view.k + view.x + 1, y * view.k + view.y + 1];
  return left >= 0 && top >= 0 && left + width * view.k <= view.canvas.clientWidth + 2 && top + height * view.k <= view.canvas.clientHeight + 2;
}

// What is in sight already stays where it is, unless it is too small to be read.
function flyTo(view, item) {
  const k = Math.max(view.k, ZOOM.readable);
  if (k === view.k && inSight(view, item)) return;
  const goal = {
    k,
    x: view.canvas.clientWidth / 2 - (item.x + item.width / 2) * k,
    y: view.canvas.clientHeight / 2 - (item.y + item.height / 2) * k,
  };
  cancelAnimationFrame(view.flight);
  if (still.matches) { Object.assign(view, goal); moved(view); return; }
  const [from, began] = [{ k: view.k, x: view.x, y: view.y }, performance.now()];
  const step = (now) => {
    const part = Math.min(1, Math.max(0, (now - began) / FLIGHT));
    const eased = 1 - (1 - part) ** 3;
    for (const name of ["k", "x", "y"]) view[name] = from[name] + (goal[name] - from[name]) * eased;
    moved(view);
    if (part < 1) view.flight = requestAnimationFrame(step);
  };
  view.flight = requestAnimationFrame(step);
}

// One pointer pans, two zoom; the wheel pans, and zooms with Ctrl, as a pinch on a touchpad does.
function listenToPointers(view) {
  const held = new Map();
  view.dragged = false;
  view.svg.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    if (!held.size) view.dragged = false;
    held.set(event.pointerId, placeOf(view, event));
  });
  addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (!before) return;
    const now = placeOf(view, event);
    const other = [...held].find(([id]) => id !== event.pointerId)?.[1];
    if (!view.dragged && Math.hypot(now.x - before.x, now.y - before.y) < 4) return;
    view.dragged = true;
    cancelAnimationFrame(view.flight);
    held.set(event.pointerId, now);
    if (other) zoom(view, apart(now, other) / Math.max(1, apart(before, other)), other);
    else pan(view, now.x - before.x, now.y - before.y);
  });
  for (const ending of ["pointerup", "pointercancel"]) addEventListener(ending, (event) => held.delete(event.pointerId));
  view.svg.addEventListener("wheel", (event) => {
    event.preventDefault();
    cancelAnimationFrame(view.flight);
    if (event.ctrlKey || event.metaKey) zoom(view, Math.exp(-event.deltaY / 200), placeOf(view, event));
    else pan(view, -event.deltaX, -event.deltaY);
  }, { passive: false });
}

function listenToOverview(view) {
  const go = (event) => {
    const { left, top } = view.overview.getBoundingClientRect();
    const x = (event.clientX - left - view.small.x) / view.small.scale;
    const y = (event.clientY - top - view.small.y) / view.small.scale;
    view.x = view.canvas.clientWidth / 2 - x * view.k;
    view.y = view.canvas.clientHeight / 2 - y * view.k;
    moved(view);
  };
  view.overview.addEventListener("pointerdown", (event) => { view.overview.setPointerCapture(event.pointerId); go(event); });
  view.overview.addEventListener("pointermove", (event) => { if (event.buttons) go(event); });
}

function placeOf(view, event) {
  const { left, top } = view.canvas.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}

function apart(one, other) {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

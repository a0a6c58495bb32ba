// Boxes and links as SVG. What can be chosen is a button of its own: the head of a box, and its rows.
function shape(tag, properties, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function drawn(scene, signs) {
  const items = [];
  const links = scene.links.map((link) => ({ ...link, element: linkShape(link) }));
  const boxes = scene.boxes.map((box) => boxShape(box, signs, items));
  const content = shape("g", { class: "content" }, shape("g", { class: "links" }, ...links.map((link) => link.element)), ...boxes);
  return { content, items, links };
}

function linkShape({ from, to, edges, points }) {
  const [first, ...rest] = points;
  let { x, y } = first;
  const steps = [`M${round(x)} ${round(y)}`];
  for (const next of rest) {
    const half = round((x + next.x) / 2);
    steps.push(`C${half} ${round(y)} ${half} ${round(next.y)} ${round(next.x)} ${round(next.y)}`);
    ({ x, y } = next);
  }
  const said = edges.length > 1 ? `${counted(edges.length)} references` : edges[0].label;
  return shape("path", {
    class: "link", d: steps.join(""), "stroke-width": Math.min(4, 1 + Math.log2(edges.length) / 3),
  }, shape("title", null, `${titleOf(from)} → ${titleOf(to)}: ${said}`));
}

function round(number) {
  return Math.round(number * 10) / 10;
}

function boxShape(box, signs, items) {
  const { x, y, width, height, node, group } = box;
  const action = node?.action || (group && changesIn(box.members).length === 1 ? changesIn(box.members)[0][0] : "");
  const sort = `box ${group ? "card" : ""} ${node && !node.known ? "outside" : ""} ${action}`;
  const headHeight = group ? SIZES.folded : height;
  const head = shape("g", button("head", box.id, headLabel(box)),
    shape("rect", { class: "area", x, y, width, height: headHeight, rx: 6 }),
    shape("text", { class: "title", x: x + (group ? 24 : 11), y: y + 17 }, node?.action ? `${signs[node.action]} ` : "", clipped(titleOf(box)), group ? " " : ""),
    ...(group ? groupMarks(box) : []));
  if (group) head.setAttribute("aria-expanded", String(box.open));
  items.push({ id: box.id, box, node, x, y, width, height: headHeight, element: head });
  const rows = box.rows.map((row, at) => rowShape(box, row, y + SIZES.folded + at * SIZES.row, signs, items));
  const hidden = group && box.open ? box.others.length - box.rows.length : 0;
  const more = hidden > 0 ? shape("text", { class: "more", x: x + 24, y: y + height - 13 }, `… and ${counted(hidden)} more: find them by name`) : null;
  return shape("g", { class: sort.trim() }, shape("title", null, headLabel(box)),
    shape("rect", { class: "frame", x, y, width, height, rx: 6 }), head, group ? countsShape(box, signs) : null, ...rows, more);
}

function button(sort, id, label) {
  return { class: `item ${sort}`, role: "button", tabindex: -1, "aria-label": label, "data-id": id };
}

function headLabel(box) {
  const words = box.group ? [titleOf(box), underTitle(box)] : [titleOf(box)];
  if (box.node?.action) words.push(box.node.action);
  if (box.group) words.push(...changesIn(box.members).map(([action, number]) => `${counted(number)} to ${action}`));
  else if (!box.node.known) words.push("not in the YAML");
  return words.join(", ");
}

function groupMarks(box) {
  const { x, y, open } = box;
  return [
    shape("path", { class: "chevron", d: open ? `M${x + 8} ${y + 10}h9l-4.5 6z` : `M${x + 10} ${y + 8.5}v9l6-4.5z` }),
    shape("rect", { class: "fold", x, y, width: 24, height: 26 }),
    shape("text", { class: "under", x: x + 24, y: y + 34 }, underTitle(box)),
  ];
}

// Signs and numbers stand beside the button, whose name says them in words.
function countsShape(box, signs) {
  const counts = changesIn(box.members).map(([action, number]) =>
    shape("tspan", { class: action, dx: 8 }, `${signs[action]}${counted(number)}`));
  const x = box.x + 24 + underTitle(box).length * SIZES.under;
  return counts.length ? shape("text", { class: "under beside", x, y: box.y + 34, "aria-hidden": "true" }, ...counts) : null;
}

function rowShape(box, node, y, signs, items) {
  const { x, width } = box;
  const id = `${box.id}\n${node.name}`;
  const label = [node.label, node.action].filter(Boolean).join(", ");
  const element = shape("g", button(`row-in ${node.action}`, id, label),
    shape("title", null, node.name),
    shape("rect", { class: "area", x: x + 6, y, width: width - 12, height: SIZES.row, rx: 4 }),
    node.action ? shape("text", { x: x + 12, y: y + 13.5 }, signs[node.action]) : null,
    shape("text", { x: x + 24, y: y + 13.5 }, clipped(node.label)));
  items.push({ id, box, node, x: x + 6, y, width: width - 12, height: SIZES.row, element });
  return element;
}

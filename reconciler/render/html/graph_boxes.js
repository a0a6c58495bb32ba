// The graph as boxes: resources, or groups of them that unfold, and what stands between.
const MOST_BOXES = 200; // dagre takes a second for more, and nobody looks at them at once
const MOST_FOCUSED = 80;
const MOST_ROWS = 40;
const SIZES = { head: 26, folded: 44, row: 19, wide: 7.35, narrow: 6.7, under: 5.7, longest: 44 };

function readGraph() {
  const given = JSON.parse($("graph-data").textContent);
  const nodes = given.nodes.map(([name, kind, label, action, known, group]) =>
    ({ name, kind, label, action, known, group, out: [], into: [] }));
  for (const [from, to, label] of given.edges) {
    const edge = { from: nodes[from], to: nodes[to], label };
    nodes[from].out.push(edge);
    nodes[to].into.push(edge);
  }
  return { ...given, nodes, byName: new Map(nodes.map((node) => [node.name, node])) };
}

function groupOf(graph, node, by) {
  if (by === "kind") return { id: `all ${node.kind}`, owner: null, kind: node.kind };
  if (by !== "group" || node.group === null) return null;
  const name = graph.groups[node.group];
  const owner = graph.byName.get(name) ?? null;
  return { id: owner ? `group ${name}` : `all ${name}`, owner, kind: owner ? owner.kind : name };
}

// The view says by what to group, which groups are unfolded, and which nodes are shown at all.
function boxesOf(graph, view) {
  const groups = new Map();
  for (const node of view.nodes) {
    const group = groupOf(graph, node, view.by) ?? { id: node.name, owner: node, single: true };
    if (!groups.has(group.id)) groups.set(group.id, { ...group, members: [] });
    groups.get(group.id).members.push(node);
  }
  const boxes = [...groups.values()].map((group) => boxOf(group, view));
  const holding = new Map(boxes.flatMap((box) => box.members.map((node) => [node, box])));
  return { boxes, holding, links: linksOf(view.nodes, holding), byId: new Map(boxes.map((box) => [box.id, box])) };
}

function boxOf({ id, owner, kind, members }, view) {
  if (members.length === 1) return sized({ id: members[0].name, node: members[0], members, rows: [] });
  const others = members.filter((node) => node !== owner);
  const open = view.unfolded.has(id);
  const shown = others.slice(0, MOST_ROWS);
  if (view.chosen && others.indexOf(view.chosen) >= MOST_ROWS) shown.push(view.chosen);
  const node = members.includes(owner) ? owner : null;
  return sized({ id, node, owner, kind, members, others, open, rows: open ? shown : [], group: true });
}

function boxesBy(graph, by) {
  return new Set(graph.nodes.map((node) => groupOf(graph, node, by)?.id ?? node.name)).size;
}

function titleOf(box) {
  return box.group ? (box.owner?.label ?? box.kind) : box.node.label;
}

function underTitle(box) {
  const kinds = new Set(box.others.map((node) => node.kind)).size;
  const one = box.others.length === 1;
  const more = `${counted(box.others.length)} ${box.owner ? `belong${one ? "s" : ""} to it` : `resource${one ? "" : "s"}`}`;
  return kinds > 1 ? `${more}, of ${kinds} kinds` : more;
}

function changesIn(members) {
  const counts = new Map();
  for (const { action } of members) if (action) counts.set(action, (counts.get(action) ?? 0) + 1);
  return [...counts];
}

function countsWidth(box) {
  return changesIn(box.members).reduce((sum, [, number]) => sum + 15 + counted(number).length * 7, 0);
}

function clipped(text) {
  return text.length > SIZES.longest ? `${text.slice(0, SIZES.longest - 1)}…` : text;
}

function sized(box) {
  const title = (clipped(titleOf(box)).length + 2 * Boolean(box.node?.action)) * SIZES.wide + (box.group ? 44 : 22);
  const under = box.group ? underTitle(box).length * SIZES.under + countsWidth(box) + 28 : 0;
  const rows = box.rows.map((node) => clipped(node.label).length * SIZES.narrow + 40);
  const more = box.rows.length && box.rows.length < box.others.length;
  box.width = Math.ceil(Math.max(title, under, ...rows));
  box.height = (box.group ? SIZES.folded : SIZES.head) + (box.rows.length + Boolean(more)) * SIZES.row + (box.rows.length ? 8 : 0);
  return box;
}

function linksOf(nodes, holding) {
  const links = new Map();
  for (const node of nodes) {
    for (const edge of node.out) {
      const [from, to] = [holding.get(edge.from), holding.get(edge.to)];
      if (!to || from === to) continue;
      const key = `${from.id}\n${to.id}`;
      if (!links.has(key)) links.set(key, { from, to, edges: [] });
      links.get(key).edges.push(edge);
    }
  }
  return [...links.values()];
}

// What some resources touch: what they refer to and what refers to them, so many steps far.
function near(starts, steps) {
  let ring = new Set(starts);
  const found = new Set(ring);
  for (let step = 0; step < steps; step += 1) {
    const next = new Set();
    for (const node of ring) {
      for (const edge of [...node.out, ...node.into]) {
        const other = edge.from === node ? edge.to : edge.from;
        if (!found.has(other)) { found.add(other); next.add(other); }
      }
    }
    ring = next;
  }
  return found;
}

// Where each box stands, by dagre: what is referred to stands left. What nothing ties to anything
// fills rows below. Boxes are {id, width, height}, links [from, to]; x and y are top left corners.
const SPACE = { row: 10, line: 3, column: 120, loose: 12, margin: 16, widest: 1100, end: 5 };

function layOut(boxes, links) {
  const ends = links.filter(([from, to]) => from !== to);
  const tied = new Set(ends.flat());
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: "RL", ranker: "tight-tree", nodesep: SPACE.row, edgesep: SPACE.line, ranksep: SPACE.column });
  for (const { id, width, height } of boxes) if (tied.has(id)) graph.setNode(id, { width, height });
  for (const [from, to] of ends) graph.setEdge(from, to, {});
  if (tied.size) dagre.layout(graph);
  if (isUpsideDown(boxes.filter(({ id }) => tied.has(id)), graph)) turn(graph);
  const placed = inColumns(boxes.filter(({ id }) => tied.has(id)), graph);
  looseRows(boxes.filter(({ id }) => !tied.has(id)), placed);
  const right = Math.max(0, ...[...placed.values()].map((box) => box.x + box.width));
  const below = Math.max(0, ...[...placed.values()].map((box) => box.y + box.height));
  return {
    boxes: placed,
    links: waysOf(ends, placed, (from, to) => bendsOf(graph.edge(from, to).points)),
    width: right + SPACE.margin, height: below + SPACE.margin,
  };
}

// The boxes of a column are equally wide, so that they form a column.
function inColumns(boxes, graph) {
  const widest = new Map();
  for (const { id, width } of boxes) {
    const { x } = graph.node(id);
    widest.set(x, Math.max(width, widest.get(x) ?? 0));
  }
  return new Map(boxes.map(({ id, height }) => {
    const { x, y } = graph.node(id);
    const width = widest.get(x);
    return [id, { x: x - width / 2 + SPACE.margin, y: y - height / 2 + SPACE.margin, width, height }];
  }));
}

// Turned over, a drawing has no more crossings; so what comes first stands on top where it can.
function isUpsideDown(boxes, graph) {
  const last = new Map();
  let balance = 0;
  for (const { id } of boxes) {
    const { x, y } = graph.node(id);
    if (last.has(x)) balance += Math.sign(last.get(x) - y);
    last.set(x, y);
  }
  return balance > 0;
}

function turn(graph) {
  const { height } = graph.graph();
  for (const id of graph.nodes()) graph.node(id).y = height - graph.node(id).y;
  for (const edge of graph.edges()) for (const point of graph.edge(edge).points) point.y = height - point.y;
}

// A way to the next column has one bend, for a label that there is not; it is better without.
function bendsOf(points) {
  return points.length > 3 ? points.slice(1, -1) : [];
}

function looseRows(loose, placed) {
  const taken = [...placed.values()];
  const limit = Math.max(SPACE.widest, ...taken.map((box) => box.x + box.width));
  const first = Math.max(0, ...taken.map((box) => box.y + box.height)) + SPACE.margin;
  let at = { x: SPACE.margin, y: first, height: 0 };
  for (const { id, width, height } of loose) {
    if (at.x > SPACE.margin && at.x + width > limit) at = { x: SPACE.margin, y: at.y + at.height + SPACE.loose, height: 0 };
    placed.set(id, { x: at.x, y: at.y, width, height });
    at.x += width + SPACE.loose;
    at.height = Math.max(at.height, height);
  }
}

// A way leaves its source at the left and enters its target at the right. All of one side are spread
// over it in the order in which they come, so that they do not cross there; or meet, where too many.
function waysOf(ends, placed, bends) {
  const ways = ends.map(([from, to]) => ({
    from, to, bends: bends(from, to).map(({ x, y }) => ({ x: x + SPACE.margin, y: y + SPACE.margin })),
  }));
  spread(ways, placed, "from", (way) => way.bends[0]);
  spread(ways, placed, "to", (way) => way.bends.at(-1));
  return ways.map(({ from, to, bends: between, fromAt, toAt }) => {
    const [source, target] = [placed.get(from), placed.get(to)];
    const back = source.x < target.x; // only in a circle
    const start = { x: source.x + (back ? source.width : 0), y: fromAt };
    const end = { x: target.x + (back ? 0 : target.width), y: toAt };
    return { from, to, points: [start, ...between, end] };
  });
}

function spread(ways, placed, side, nearest) {
  const other = side === "from" ? "to" : "from";
  const heightOf = (way) => nearest(way)?.y ?? placed.get(way[other]).y;
  const all = new Map();
  for (const way of ways) all.set(way[side], [...(all.get(way[side]) ?? []), way]);
  for (const [id, found] of all) {
    const { y, height } = placed.get(id);
    const gap = height / (found.length + 1);
    found.sort((a, b) => heightOf(a) - heightOf(b));
    found.forEach((way, at) => { way[`${side}At`] = y + (gap < SPACE.end ? height / 2 : (at + 1) * gap); });
  }
}

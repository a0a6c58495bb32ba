#!/bin/sh
# Four boxes that each refer to the same eight, 10 apart as the graph asks for. dagre 3.1.3 puts a
# point for a label on every edge, even where there is none, and keeps these points apart, too. So
# the more boxes refer to, the farther apart they stand: here 136.
# Needs node and npm. Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder" @dagrejs/dagre@3.1.3
cd "$folder"
cat > gaps.cjs <<'EOF'
const { graphlib, layout } = require("@dagrejs/dagre");
const gap = () => {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 10 });
  for (let at = 0; at < 4; at += 1) graph.setNode(`a${at}`, { width: 100, height: 44 });
  for (let at = 0; at < 8; at += 1) graph.setNode(`b${at}`, { width: 100, height: 20 });
  for (let at = 0; at < 32; at += 1) graph.setEdge(`a${at % 4}`, `b${at >> 2}`, {});
  layout(graph);
  const places = [0, 1, 2, 3].map((at) => graph.node(`a${at}`).y).sort((one, other) => one - other);
  return Math.max(...[1, 2, 3].map((at) => places[at] - places[at - 1])) - 44;
};
console.log(gap());
EOF
echo "expected: gaps of 10"
seen=$(node gaps.cjs)
echo "seen: gaps of up to $seen"
[ "$seen" = "136" ]

// The page of a graph alone; its address keeps what is looked at.
function start() {
  startPage();
  const opened = startGraph({ onMove: ({ chosen, focus, by, graph }) => keepInAddress(
    focus && focus.nodes.length === 1 ? focus.nodes[0].name : chosen?.name,
    { by: by === graph.by ? "" : by, steps: focus && focus.nodes.length === 1 ? String(focus.steps) : "" },
  ) });
  const follow = () => { const { name, filters } = inAddress(); opened.open(name, filters.get("by"), Number(filters.get("steps"))); };
  follow();
  addEventListener("hashchange", follow);
}

start();

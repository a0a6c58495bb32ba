// The graph: what a node refers to, and what refers to it, stands out while one looks at it.
function startGraph() {
  const nodes = [...document.querySelectorAll(".graph .node")];
  const edges = [...document.querySelectorAll(".graph .edge")];
  const show = (event) => {
    const node = event.target.closest?.(".node") ?? event.target.querySelector?.(".node");
    const name = node?.dataset.name;
    const near = edges.filter((e) => e.dataset.source === name || e.dataset.target === name);
    const names = new Set(near.flatMap((e) => [e.dataset.source, e.dataset.target]));
    edges.forEach((edge) => edge.classList.toggle("near", near.includes(edge)));
    nodes.forEach((other) => other.classList.toggle("near", names.has(other.dataset.name)));
  };
  const graph = document.querySelector(".graph");
  graph?.addEventListener("mouseover", show);
  graph?.addEventListener("focusin", show);
  return nodes;
}

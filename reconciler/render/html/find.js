// The page of a graph alone: finding a node by its name.
function start() {
  startTheme();
  const nodes = startGraph();
  const find = document.getElementById("find");
  find.addEventListener("input", () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (node) => words.every((w) => node.dataset.name.toLowerCase().includes(w));
    nodes.forEach((node) => node.classList.toggle("far", !fits(node)));
    const found = nodes.filter(fits);
    document.getElementById("found").textContent =
      words.length ? `${found.length.toLocaleString("en")} found` : "";
    if (words.length) found[0]?.scrollIntoView({ block: "center", inline: "center" });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && event.target !== find) { event.preventDefault(); find.focus(); }
    if (event.key === "Escape" && event.target === find) {
      find.value = ""; find.dispatchEvent(new Event("input")); find.blur();
    }
  });
}
start();

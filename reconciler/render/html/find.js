// The page of a graph alone: finding a node by its name.
function start() {
  startPage();
  const nodes = startGraph();
  const find = $("find");
  find.addEventListener("input", () => {
    const words = wordsOf(find.value);
    const fits = (node) => words.every((w) => node.dataset.name.toLowerCase().includes(w));
    nodes.forEach((node) => node.classList.toggle("far", !fits(node)));
    const found = nodes.filter(fits);
    $("found").textContent =
      words.length ? `${counted(found.length)} found` : "";
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

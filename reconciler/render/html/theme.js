// The theme: as the system says, light, or dark; remembered where the browser allows it.
const THEMES = ["auto", "light", "dark"];

function setTheme(name) {
  document.documentElement.dataset.theme = name;
  const button = document.getElementById("theme");
  button.textContent = `Theme: ${name}`;
  try { localStorage.setItem("reconciler-theme", name); } catch { /* a file may not remember */ }
}

function startTheme() {
  let name = "auto";
  try { name = localStorage.getItem("reconciler-theme"); } catch { /* the same */ }
  setTheme(THEMES.includes(name) ? name : "auto");
  document.getElementById("theme").addEventListener("click", () => {
    const now = document.documentElement.dataset.theme;
    setTheme(THEMES[(THEMES.indexOf(now) + 1) % THEMES.length]);
  });
}

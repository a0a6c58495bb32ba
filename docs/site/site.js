// What the theme makes by script, and leaves without a name or out of reach of the keyboard.
function mend() {
  document.querySelector(".md-search")?.setAttribute("aria-label", "Search");
  for (const [number, nav] of document.querySelectorAll(".md-code__nav").entries()) {
    nav.setAttribute("aria-label", `Code ${number + 1}`);
  }
  for (const part of document.querySelectorAll(".md-typeset__scrollwrap, .md-typeset pre > code")) {
    if (part.scrollWidth > part.clientWidth && part.tabIndex !== 0) part.tabIndex = 0;
  }
}
const watched = { attributeFilter: ["tabindex"], childList: true, subtree: true };
new MutationObserver(mend).observe(document.body, watched);
addEventListener("resize", mend);
mend();

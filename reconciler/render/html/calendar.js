// Pointing at a day, or walking there by keys, tells what it costs and which resource says so.
const EPOCH = 719163; // the number of 1970-01-01
const DAY = 86_400_000; // of UTC, where no clock is ever changed
const calendar = { data: null, alone: false, strip: null };

function startCalendar({ alone = false } = {}) {
  if (!$("calendar-data")) return;
  calendar.data = JSON.parse($("calendar-data").textContent);
  calendar.alone = alone;
  const [first] = calendar.data.months[0];
  const [start, days] = calendar.data.months.at(-1);
  for (const strip of document.querySelectorAll(".strip")) {
    strip.unit = calendar.data.units[Number(strip.dataset.unit)];
    for (const [name, value] of Object.entries({
      role: "slider", tabindex: 0, "aria-label": `Days of ${strip.unit.name}`, "aria-orientation": "horizontal",
      "aria-valuemin": first, "aria-valuemax": start + days - 1,
    })) strip.setAttribute(name, value);
    place(strip, strip.unit.first);
    listenTo(strip);
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || $("told").hidden) return;
    hideDay();
    event.stopPropagation();
  }, { capture: true });
  addEventListener("scroll", (event) => { if (event.target !== $("told")) hideDay(); }, { passive: true, capture: true });
  addEventListener("resize", hideDay);
  addEventListener("beforeprint", () => {
    calendar.folded = [...document.querySelectorAll(".unit details:not([open])")];
    for (const one of calendar.folded) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of calendar.folded) one.open = false; });
  if (!alone) return;
  addEventListener("hashchange", goToDay);
  goToDay();
}

function listenTo(strip) {
  strip.addEventListener("pointermove", (event) => { if (event.pointerType !== "touch") tellAt(strip, event); });
  strip.addEventListener("click", (event) => { tellAt(strip, event); keepDay(strip); });
  for (const one of [strip, $("told")]) {
    one.addEventListener("pointerleave", (event) => {
      const still = $("told").contains(event.relatedTarget) || calendar.strip?.contains(event.relatedTarget);
      if (!still && document.activeElement !== calendar.strip) hideDay();
    });
  }
  strip.addEventListener("focus", () => { if (strip.matches(":focus-visible")) tell(strip, strip.day); });
  strip.addEventListener("blur", hideDay);
  strip.addEventListener("keydown", (event) => onDayKey(strip, event));
}

// --- which day

function tellAt(strip, event) {
  const month = event.target.closest(".month");
  if (!month) return;
  const [start, days] = calendar.data.months[Number(month.dataset.month)];
  const { left, width } = month.querySelector("svg").getBoundingClientRect();
  const at = Math.floor(((event.clientX - left) / width) * days);
  tell(strip, start + Math.max(0, Math.min(days - 1, at)));
}

function onDayKey(strip, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const day = dayAfter(strip, event.key);
  if (day === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  tell(strip, Math.max(calendar.data.months[0][0], Math.min(Number(strip.getAttribute("aria-valuemax")), day)));
  keepDay(strip);
}

function dayAfter(strip, key) {
  const { day } = strip;
  const month = calendar.data.months.findIndex(([start, days]) => day < start + days);
  const [start] = calendar.data.months[month];
  const at = (number) => {
    const [first, days] = calendar.data.months[Math.max(0, Math.min(calendar.data.months.length - 1, number))];
    return first + Math.min(day - start, days - 1);
  };
  const edges = strip.unit.periods.flatMap(([from, , , , changed]) => (changed ? [from] : []));
  return {
    ArrowRight: day + 1, ArrowUp: day + 1, ArrowLeft: day - 1, ArrowDown: day - 1,
    PageUp: at(month + 1), PageDown: at(month - 1), Home: calendar.data.months[0][0], End: Infinity,
    n: edges.find((edge) => edge > day) ?? day, p: edges.findLast((edge) => edge < day) ?? day,
  }[key];
}

// --- what it is

function tell(strip, day) {
  if (calendar.strip && calendar.strip !== strip) hideDay();
  calendar.strip = strip;
  place(strip, day);
  const box = $("told");
  box.replaceChildren(make("strong", null, dateOf(day)), ...told(strip, day));
  box.hidden = false;
  const spot = strip.cursor.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const below = spot.bottom + 8;
  box.style.left = `${Math.max(8, Math.min(innerWidth - width - 8, spot.left - 24))}px`;
  box.style.top = `${below + height < innerHeight - 8 ? below : Math.max(8, spot.top - height - 8)}px`;
}

function place(strip, day) {
  const number = calendar.data.months.findIndex(([start, days]) => day < start + days);
  const [start, days] = calendar.data.months[number];
  const svg = strip.querySelectorAll(".month svg")[number];
  if (!strip.cursor) {
    strip.cursor = make("span", { class: "cursor", hidden: "" });
    strip.append(strip.cursor);
  }
  const inside = strip.getBoundingClientRect();
  const { left, top, width, height } = svg.getBoundingClientRect();
  const one = width / days;
  const { style } = strip.cursor;
  style.left = `${left - inside.left + (day - start) * one - 2}px`;
  style.top = `${top - inside.top - 2}px`;
  style.width = `${one + 4}px`;
  style.height = `${height + 4}px`;
  strip.cursor.hidden = calendar.strip !== strip;
  strip.day = day;
  strip.setAttribute("aria-valuenow", day);
  strip.setAttribute("aria-valuetext", `${dateOf(day)}: ${spokenOf(strip, day)}`);
}

function periodAt(strip, day) {
  return strip.unit.periods.find(([from, until]) => from <= day && day < until) ?? [day, day + 1, 0, 0, false];
}

function told(strip, day) {
  const [, , before, after, changed] = periodAt(strip, day);
  const { texts } = calendar.data;
  const parts = [make("pre", null, texts[after][1])];
  if (changed) parts.unshift(make("h3", null, "before"), make("pre", null, texts[before][1]), make("h3", null, "after"));
  const seasons = seasonsAt(day);
  if (seasons) parts.push(make("h3", null, `season: ${seasons} (which prices it changes is not documented)`));
  return parts;
}

function spokenOf(strip, day) {
  const [, , before, after, changed] = periodAt(strip, day);
  const { texts } = calendar.data;
  const seasons = seasonsAt(day);
  return (changed ? `changed from ${texts[before][0]} to ${texts[after][0]}` : texts[after][0])
    + (seasons ? `, season ${seasons}` : "");
}

function seasonsAt(day) {
  return calendar.data.yearly.filter(([, from, until]) => from <= day && day < until).map(([name]) => name).join(", ");
}

function hideDay() {
  $("told").hidden = true;
  if (calendar.strip) calendar.strip.cursor.hidden = true;
}

function dateOf(day) {
  return new Date((day - EPOCH) * DAY).toLocaleDateString("en-GB",
    { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}

// --- the address of a page of its own

function keepDay(strip) {
  clearTimeout(calendar.waiting); // browsers let nobody write the address at every key
  if (!calendar.alone) return;
  const day = new Date((strip.day - EPOCH) * DAY).toISOString().slice(0, 10);
  calendar.waiting = setTimeout(() => keepInAddress(strip.unit.address, { day }), 250);
}

function goToDay() {
  const { name, filters } = inAddress();
  const strip = [...document.querySelectorAll(".strip")].find((one) => one.unit.address === name);
  if (!strip) return;
  const day = Date.parse(`${filters.get("day")}T00:00Z`) / DAY + EPOCH;
  strip.scrollIntoView({ block: "center" });
  const [first] = calendar.data.months[0];
  if (day >= first && day <= Number(strip.getAttribute("aria-valuemax"))) {
    place(strip, day);
    strip.focus({ preventScroll: true });
    requestAnimationFrame(() => requestAnimationFrame(() => tell(strip, day))); // the page stands still then
  }
}

"use strict";
// The page's parts: which of them are open, the functions that draw their charts, and addresses that lead into them.
// An address is #SECTION, or #SECTION/ROW?source=NAME: the row of a rule, or of a source, in that section.
const parts = [...document.querySelectorAll("details.part")];
const drawings = new Map(); // by part: what is still to be drawn when it is first opened

function partOf(element) {
  return element.closest("details.part");
}

// Draws into a part when it is first opened, since a chart in a closed part has no width.
function drawIn(name, draw) {
  const part = partOf(place(name));
  drawings.set(part, [...(drawings.get(part) ?? []), draw]);
}

function drawn(part) {
  for (const draw of drawings.get(part) ?? []) draw();
  drawings.delete(part);
}

function openPart(part) {
  part.open = true;
  drawn(part);
}

function openAll() {
  parts.forEach(openPart);
}

function openAround(element) {
  for (let one = element.closest("details"); one; one = one.parentElement.closest("details")) {
    if (one.matches(".part")) openPart(one);
    else one.open = true;
  }
}

// The place that an address names: the section's heading, and the most exact of its rows that exists.
function wanted(address) {
  const [, id, row, query] = /^([\w-]*)(?:\/([^?]*))?(?:\?(.*))?$/.exec(decodeURIComponent(address)) ?? [];
  const heading = id && document.getElementById(id);
  if (!heading) return null;
  const source = new URLSearchParams(query ?? "").get("source");
  const within = (around, name, value) => value && around.querySelector(`[data-${name}="${CSS.escape(value)}"]`);
  let spot = heading;
  const part = partOf(heading) ?? heading.parentElement;
  const ofRow = within(part, "row", row);
  if (ofRow) spot = ofRow;
  return within(ofRow || part, "source", source) || spot;
}

function follow() {
  const spot = wanted(location.hash.slice(1));
  if (!spot) return;
  openAround(spot);
  document.querySelectorAll(".found").forEach((one) => one.classList.remove("found"));
  if (!spot.matches("h2")) spot.classList.add("found");
  spot.scrollIntoView({ block: spot.matches("tr") ? "center" : "start" });
}

function closeAllButFirst() {
  for (const part of parts) {
    part.open = part.querySelector("#funnel") !== null;
    part.addEventListener("toggle", () => part.open && drawn(part));
  }
}

function foldButtons() {
  const all = element("button", { type: "button" }, "Open all");
  all.addEventListener("click", () => {
    const close = all.textContent === "Close all";
    if (close) parts.forEach((part) => { part.open = false; });
    else openAll();
    all.textContent = close ? "Open all" : "Close all";
  });
  document.querySelector("nav").append(" ", all);
}

function begin() {
  closeAllButFirst();
  foldButtons();
  parts.filter((part) => part.open).forEach(drawn);
  addEventListener("hashchange", follow);
  // A click on a link to where the page already is changes no address.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) follow();
  });
  let closed = [];
  addEventListener("beforeprint", () => { closed = parts.filter((part) => !part.open); openAll(); });
  addEventListener("afterprint", () => closed.forEach((part) => { part.open = false; }));
  follow();
}

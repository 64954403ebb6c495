"use strict";
// Charts of the page's own figures. Every number drawn here also stands in a table or in stats.json.
const stats = JSON.parse(document.getElementById("data").textContent);
const place = (name) => document.querySelector(`[data-chart="${name}"]`);
const label = (name) => name.replaceAll("_", " ");
const count = (value) => value.toLocaleString("en");
const percent = (value) => `${(100 * value).toFixed(value < 0.1 ? 1 : 0)} %`;
const limitColour = "var(--limit)";
const all = stats.funnels[0];
const sources = stats.funnels.slice(1).map((funnel) => funnel.source);

// As many sources have a colour of their own as can be told apart: the largest; the others are drawn as one.
const OWN = 9;
const own = sources.length <= OWN + 1 ? sources : d3.sort(stats.funnels.slice(1), (funnel) => -funnel.steps[0].amount.documents)
  .slice(0, OWN).map((funnel) => funnel.source);
const others = `${sources.length - own.length} other sources`;
const series = own.length < sources.length ? [...own, others] : own;
const colours = { domain: series, range: series.map((name, number) => name === others ? "var(--quiet)" : `var(--series-${number})`) };

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const widthOf = (name) => Math.min(960, place(name).clientWidth);
const shortened = (name, most) => name.length > most ? `${name.slice(0, most - 1)}…` : name;

// A chart that a screen reader announces as one image, by what it shows: the names of its parts are not read.
function chart(options, described) {
  const drawn = Plot.plot({ style: { background: "none", color: "inherit", fontSize: "12px" }, ariaLabel: described, ...options });
  const svg = drawn.tagName === "svg" ? drawn : drawn.querySelector(":scope > svg");
  svg.setAttribute("role", "img");
  for (const part of svg.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  return drawn;
}

function drawFunnel() {
  const rows = stats.funnels.flatMap((funnel) => {
    const read = funnel.steps[0].amount.documents;
    return funnel.steps.slice(1).filter((step) => step.amount.documents).map((step) => ({
      source: funnel.source, step: step.name, share: step.amount.documents / read, documents: step.amount.documents,
    }));
  });
  const steps = all.steps.slice(1).map((step) => step.name);
  const width = widthOf("funnel"), letters = Math.floor(width / 28);
  const longest = Math.min(letters, Math.max(...stats.funnels.map((funnel) => funnel.source.length)));
  place("funnel").append(chart({
    width, height: 50 + (stats.funnels.length > 12 ? 20 : 34) * stats.funnels.length, marginLeft: 20 + 7 * longest, marginBottom: 40,
    x: { label: "share of the documents read", tickFormat: "%", domain: [0, 1] },
    y: { domain: stats.funnels.map((funnel) => funnel.source), label: null, tickFormat: (name) => shortened(name, letters) },
    color: { legend: true, domain: steps, range: steps.map((name) => `var(--step-${name}, var(--step-other))`), tickFormat: label },
    marks: [
      Plot.barX(rows, Plot.stackX({ x: "share", y: "source", fill: "step", order: steps, inset: 0.5,
        title: (row) => `${row.source}, ${label(row.step)}: ${count(row.documents)} documents, ${percent(row.share)}` })),
    ],
  }, "Share of the documents of each source by what became of them; the table below holds the numbers"));
}

// The counts of each series, with the sources that have no colour of their own added up.
function bySeries(counts) {
  const found = new Map();
  for (const [source, bins] of Object.entries(counts)) {
    const name = own.includes(source) ? source : others;
    found.set(name, found.has(name) ? found.get(name).map((sum, bin) => sum + bins[bin]) : bins);
  }
  return found;
}

// Heights do not add up on a square-root scale, so that sources are not stacked.
function drawHistogram({ column, edges, counts }) {
  const isCount = edges.at(-1) >= 1e5;
  const used = edges.slice(1).findLastIndex((_, bin) => Object.values(counts).some((bins) => bins[bin])) + 1;
  const rows = [...bySeries(counts)].flatMap(([source, bins]) => [
    ...bins.slice(0, used).map((documents, bin) => ({ source, documents, from: edges[bin], to: edges[bin + 1] })),
    { source, documents: 0, from: edges[used], to: edges[used] },
  ]);
  const rule = stats.rules.find((one) => one.name === column);
  const limits = [rule?.minimum, rule?.maximum].filter((limit) => limit != null);
  const figure = document.querySelector(`[data-histogram="${column}"]`);
  figure.append(chart({
    width: 380, height: 180, marginLeft: 50, marginRight: 25,
    x: isCount ? { type: "symlog", constant: 10, label: null, ticks: [0, 10, 100, 1e3, 1e4, 1e5, 1e6], tickFormat: (value) => d3.format("~s")(value) }
      : { label: null, ticks: 6 },
    y: { type: "sqrt", label: "documents", ticks: 4, tickFormat: "~s" },
    color: colours,
    marks: [
      Plot.areaY(rows, { x: "from", y1: 0, y2: "documents", fill: "source", fillOpacity: 0.2, curve: "step-after" }),
      Plot.lineY(rows, { x: "from", y: "documents", stroke: "source", strokeWidth: 1.5, curve: "step-after" }),
      Plot.tip(rows, Plot.pointerX({ x: "from", y: "documents", fill: "var(--ground)",
        title: (row) => `${row.source}: ${count(row.documents)} documents from ${row.from} to ${row.to}` })),
      Plot.ruleX(limits, { stroke: limitColour, strokeWidth: 2 }),
      Plot.ruleY([0]),
    ],
  }, figure.textContent.trim()));
}

function drawHistograms() {
  place("histograms").before(Plot.legend({ color: colours, style: { background: "none", fontSize: "12px" } }));
  stats.histograms.forEach(drawHistogram);
}

function drawOverlap() {
  const broken = Object.fromEntries(
    stats.overlaps.filter((row) => row.rule === row.other).map((row) => [row.rule, row.documents]));
  const names = stats.rules.map((rule) => rule.name).filter((name) => broken[name]);
  if (!names.length) return place("overlap").append("No document breaks any rule.");
  const cells = stats.overlaps.flatMap((row) => row.rule === row.other ? [row] : [row, { ...row, rule: row.other, other: row.rule }])
    .map((row) => ({ ...row, share: row.documents / broken[row.rule] }));
  place("overlap").append(chart({
    width: 420 + 42 * names.length, height: 210 + 26 * names.length, marginLeft: 260, marginTop: 190, marginRight: 160,
    x: { domain: names, axis: "top", tickRotate: -45, label: null, tickFormat: label },
    y: { domain: names, label: null, tickFormat: label },
    color: { type: "linear", domain: [0, 1], interpolate: () => (share) => `color-mix(in oklab, var(--series-0) ${10 + 40 * share}%, var(--ground))` },
    marks: [
      Plot.cell(cells, { x: "other", y: "rule", fill: "share", inset: 0.5,
        title: (row) => `${count(row.documents)} documents break ${label(row.rule)} and ${label(row.other)}: ${percent(row.share)} of all that break the first` }),
      Plot.text(cells, { x: "other", y: "rule", text: (row) => row.documents < 1e4 ? count(row.documents) : d3.format(".2~s")(row.documents), pointerEvents: "none" }),
    ],
  }, "Documents that break both of two rules; the colour is their share of those that break the rule of the row"));
}

// Ticks of a count are whole numbers.
const ticksTo = (most) => Math.min(4, most);

function drawJaccard() {
  const { jaccard, jaccard_edges: edges, threshold } = stats.deduplication;
  const rows = jaccard.map((documents, bin) => ({ documents, from: edges[bin], to: edges[bin + 1] }))
    .filter((row) => row.documents);
  if (!rows.length) return;
  const described = "Near duplicates by their similarity to the survivor";
  place("jaccard").append(element("figure", {}, element("figcaption", {}, `${described}; the red line is the threshold`), chart({
    width: Math.min(480, widthOf("jaccard")), height: 180, marginLeft: 50, marginRight: 25, marginBottom: 40,
    x: { domain: [Math.min(threshold, ...rows.map((row) => row.from)), 1], label: "Jaccard" },
    y: { label: "documents", ticks: ticksTo(Math.max(...rows.map((row) => row.documents))), tickFormat: "~s" },
    marks: [
      Plot.rectY(rows, { x1: "from", x2: "to", y: "documents", fill: "var(--series-0)", insetLeft: 0.5 }),
      Plot.ruleX([threshold], { stroke: limitColour, strokeWidth: 2 }),
      Plot.ruleY([0]),
    ],
  }, `${described}: ${count(d3.sum(jaccard))} above ${threshold}`)));
}

function drawRecall() {
  const { recall, bands, jaccard_edges: edges, threshold } = stats.deduplication;
  if (!bands) return;
  const rows = recall.map((probability, at) => ({ probability, jaccard: edges[at] }));
  const described = "Expected recall: how likely a pair is compared, by its similarity";
  place("recall").append(element("figure", {}, element("figcaption", {}, `${described}; the red line is the threshold`), chart({
    width: Math.min(480, widthOf("recall")), height: 180, marginLeft: 50, marginRight: 25, marginBottom: 40,
    x: { domain: [0, 1], label: "Jaccard" },
    y: { domain: [0, 1], label: "probability", ticks: 4, tickFormat: "%" },
    marks: [
      Plot.lineY(rows, { x: "jaccard", y: "probability", stroke: "var(--series-0)", strokeWidth: 1.5 }),
      Plot.tip(rows, Plot.pointerX({ x: "jaccard", y: "probability", fill: "var(--ground)",
        title: (row) => `Jaccard ${row.jaccard.toFixed(2)}: ${(100 * row.probability).toFixed(1)} %` })),
      Plot.ruleX([threshold], { stroke: limitColour, strokeWidth: 2 }),
      Plot.ruleY([0]),
    ],
  }, described)));
}

drawFunnel();
drawHistograms();
drawOverlap();
drawJaccard();
drawRecall();

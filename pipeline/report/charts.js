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
const colours = { domain: sources, range: Array.from({ length: 12 }, (_, number) => `var(--series-${number})`) };

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const widthOf = (name) => Math.min(960, place(name).clientWidth);

// A chart that a screen reader announces by its title and what it shows.
function chart(options, described) {
  const drawn = Plot.plot({ style: { background: "none", color: "inherit" }, ariaLabel: described, ...options });
  const svg = drawn.tagName === "svg" ? drawn : drawn.querySelector(":scope > svg");
  svg.setAttribute("role", "img");
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
  place("funnel").append(chart({
    width: widthOf("funnel"), height: 40 + 34 * stats.funnels.length, marginLeft: 80,
    x: { label: "share of documents read", tickFormat: "%", domain: [0, 1] },
    y: { domain: stats.funnels.map((funnel) => funnel.source), label: null },
    color: { legend: true, domain: steps, range: steps.map((name) => `var(--step-${name})`) },
    marks: [
      Plot.barX(rows, Plot.stackX({ x: "share", y: "source", fill: "step", order: steps, inset: 0.5,
        title: (row) => `${row.source}, ${row.step}: ${count(row.documents)} documents, ${percent(row.share)}` })),
    ],
  }, "Share of the documents of each source by what became of them"));
}

// A count may be far larger in one bin than in all others: a square root keeps the small ones visible. Sources are
// not stacked, because heights do not add up on such a scale.
function drawHistogram(histogram, rule) {
  const { edges, counts } = histogram;
  const isCount = histogram.column === "word_count";
  const used = edges.slice(1).findLastIndex((_, bin) => Object.values(counts).some((bins) => bins[bin])) + 1;
  const rows = Object.entries(counts).flatMap(([source, bins]) => [
    ...bins.slice(0, used).map((documents, bin) => ({ source, documents, from: edges[bin], to: edges[bin + 1] })),
    { source, documents: 0, from: edges[used], to: edges[used] },
  ]);
  const limits = [rule?.minimum, rule?.maximum].filter((limit) => limit != null);
  const removed = rule ? `; ${rule.description} is removed in ${rule.sources.slice(1).map((s) => s.source).join(", ")}` : "";
  const caption = element("figcaption", {}, label(histogram.column));
  return element("figure", {}, caption, chart({
    width: 380, height: 170, marginLeft: 50,
    x: isCount ? { type: "symlog", constant: 10, label: null, ticks: [0, 10, 100, 1e3, 1e4, 1e5], tickFormat: (value) => value < 1000 ? String(value) : `${value / 1000}k` }
      : { label: null, ticks: 6 },
    y: { type: "sqrt", label: "documents (square-root scale)", ticks: 4, tickFormat: "~s" },
    color: colours,
    marks: [
      Plot.areaY(rows, { x: "from", y1: 0, y2: "documents", fill: "source", fillOpacity: 0.2, curve: "step-after" }),
      Plot.lineY(rows, { x: "from", y: "documents", stroke: "source", strokeWidth: 1.5, curve: "step-after" }),
      Plot.tip(rows, Plot.pointerX({ x: "from", y: "documents", fill: "var(--ground)",
        title: (row) => `${row.source}: ${count(row.documents)} documents from ${row.from} to ${row.to}` })),
      Plot.ruleX(limits, { stroke: limitColour, strokeWidth: 2 }),
      Plot.ruleY([0]),
    ],
  }, `Documents by ${label(histogram.column)}${removed}`));
}

function drawHistograms() {
  place("histograms").before(Plot.legend({ color: colours, style: { background: "none" } }));
  for (const histogram of stats.histograms) {
    const rule = stats.rules.find((one) => one.name === histogram.column);
    place("histograms").append(drawHistogram(histogram, rule));
  }
}

function drawOverlap() {
  const broken = Object.fromEntries(
    stats.overlaps.filter((row) => row.rule === row.other).map((row) => [row.rule, row.documents]));
  const names = stats.rules.map((rule) => rule.name).filter((name) => broken[name]);
  if (!names.length) return place("overlap").append("No document breaks any rule.");
  const cells = stats.overlaps.flatMap((row) => row.rule === row.other ? [row] : [row, { ...row, rule: row.other, other: row.rule }])
    .map((row) => ({ ...row, share: row.documents / broken[row.rule] }));
  place("overlap").append(chart({
    width: 400 + 31 * names.length, height: 210 + 26 * names.length, marginLeft: 260, marginTop: 190, marginRight: 120,
    x: { domain: names, axis: "top", tickRotate: -45, label: null, tickFormat: label },
    y: { domain: names, label: null, tickFormat: label },
    color: { type: "linear", domain: [0, 1], interpolate: () => (share) => `color-mix(in oklab, var(--series-0) ${10 + 50 * share}%, var(--ground))` },
    marks: [
      Plot.cell(cells, { x: "other", y: "rule", fill: "share", inset: 0.5,
        title: (row) => `${count(row.documents)} documents break ${label(row.rule)} and ${label(row.other)}: ${percent(row.share)} of all that break the first` }),
      Plot.text(cells, { x: "other", y: "rule", text: (row) => row.documents < 1e4 ? count(row.documents) : d3.format(".2~s")(row.documents), pointerEvents: "none" }),
    ],
  }, "Documents that break both of two rules; the colour is their share of those that break the rule of the row"));
}

function drawJaccard() {
  const { jaccard, jaccard_edges: edges, threshold } = stats.deduplication;
  const rows = jaccard.map((documents, bin) => ({ documents, from: edges[bin], to: edges[bin + 1] }))
    .filter((row) => row.documents);
  if (!rows.length) return;
  place("jaccard").append(element("figure", {}, element("figcaption", {}, "Near duplicates by their similarity to the survivor"), chart({
    width: Math.min(480, widthOf("jaccard")), height: 170, marginLeft: 50,
    x: { domain: [Math.min(threshold, ...rows.map((row) => row.from)), 1], label: "Jaccard" },
    y: { label: "documents", ticks: 4 },
    marks: [
      Plot.rectY(rows, { x1: "from", x2: "to", y: "documents", fill: "var(--series-0)", insetLeft: 0.5 }),
      Plot.ruleX([threshold], { stroke: limitColour, strokeWidth: 2 }),
      Plot.ruleY([0]),
    ],
  }, "Near duplicates by their similarity to the survivor")));
}

function drawRecall() {
  const { recall, bands, jaccard_edges: edges, threshold } = stats.deduplication;
  if (!bands) return;
  const rows = recall.map((probability, at) => ({ probability, jaccard: edges[at] }));
  const described = "Expected recall: how likely a pair is a candidate, by its similarity";
  place("recall").append(element("figure", {}, element("figcaption", {}, described), chart({
    width: Math.min(480, widthOf("recall")), height: 170, marginLeft: 50,
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

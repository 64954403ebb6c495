"use strict";
// Charts of the page's own figures. Every number drawn here is also in a table or in stats.json.

// The largest sources have a colour of their own, as many as can be told apart; the others are drawn as one.
const OWN = 9;
const own = sources.length <= OWN + 1 ? sources : d3.sort(stats.funnels.slice(1), (funnel) => -funnel.steps[0].amount.documents)
  .slice(0, OWN).map((funnel) => funnel.source);
const others = `${sources.length - own.length} other sources`;
const series = own.length < sources.length ? [...own, others] : own;
const colours = { domain: series, range: series.map((name, number) => name === others ? "var(--quiet)" : `var(--series-${number})`) };

const widthOf = (name) => Math.min(960, place(name).clientWidth);
const shortened = (name, most) => name.length > most ? `${name.slice(0, most - 1)}…` : name;

// A chart that a screen reader announces as one image, by a description; it does not read the names of its parts.
function chart(options, described) {
  const drawn = Plot.plot({ style: { background: "none", color: "inherit", fontSize: "12px" }, ariaLabel: described, ...options });
  const svg = drawn.tagName === "svg" ? drawn : drawn.querySelector(":scope > svg:last-of-type");
  svg.setAttribute("role", "img");
  for (const part of svg.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  return element("div", { class: "drawn" }, drawn, takeAway(svg, described));
}

// A chart as a file of its own: its colours are written out, since the page's style does not go along.
function takeAway(svg, described) {
  const button = element("button", { type: "button", class: "take", "aria-label": `${described}, as SVG` }, "SVG");
  button.addEventListener("click", () => {
    const copy = svg.cloneNode(true), own = svg.querySelectorAll("*");
    copy.querySelectorAll("*").forEach((part, index) => {
      const style = getComputedStyle(own[index]);
      for (const name of ["fill", "stroke", "font-size", "font-family"]) part.style.setProperty(name, style.getPropertyValue(name));
    });
    copy.style.background = getComputedStyle(document.body).backgroundColor;
    copy.style.color = getComputedStyle(svg).color;
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    download(`${fileName(described)}.svg`, "image/svg+xml", new XMLSerializer().serializeToString(copy));
  });
  return button;
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
    width, height: 50 + (stats.funnels.length > 30 ? 15 : stats.funnels.length > 12 ? 20 : 34) * stats.funnels.length, marginLeft: 20 + 7 * longest, marginBottom: 40,
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

// Small multiples: one row for each source that the rule judges, each as high as its fullest bin.
function drawHistogram({ column, edges, counts }) {
  const figure = document.querySelector(`[data-histogram="${column}"]`);
  const rule = stats.rules.find((one) => one.name === column);
  const judged = rule && new Set(rule.sources.map((one) => one.source));
  const asked = Object.fromEntries(Object.entries(counts).filter(([source]) => !judged || judged.has(source)));
  const isCount = edges.at(-1) >= 1e5;
  const used = edges.slice(1).findLastIndex((_, bin) => Object.values(asked).some((bins) => bins[bin])) + 1;
  const rows = [...bySeries(asked)].filter(([, bins]) => d3.sum(bins)).flatMap(([source, bins]) => {
    const most = Math.sqrt(d3.max(bins));
    return bins.slice(0, used).map((documents, bin) => ({ source, documents, height: Math.sqrt(documents) / most,
      from: edges[bin], to: edges[bin + 1] }));
  });
  if (!rows.length) return figure.append(element("p", { class: "meta" }, "No document was measured."));
  const named = [...new Set(rows.map((row) => row.source))];
  const limits = [rule?.minimum, rule?.maximum].filter((limit) => limit != null);
  const letters = Math.min(16, d3.max(named, (name) => name.length));
  figure.append(chart({
    width: 420, height: 46 + 34 * named.length, marginLeft: 12 + 7 * letters, marginRight: 20, marginBottom: 34, marginTop: 8,
    x: isCount ? { type: "symlog", constant: 10, label: label(column), ticks: [0, 10, 100, 1e3, 1e4, 1e5, 1e6], tickFormat: (value) => d3.format("~s")(value) }
      : { label: label(column), ticks: 6 },
    y: { domain: [0, 1], axis: null },
    fy: { domain: named, label: null, axis: null },
    color: colours,
    marks: [
      Plot.rectY(rows, { x1: "from", x2: "to", y: "height", fy: "source", fill: "source", insetLeft: 0.3,
        title: (row) => `${row.source}: ${count(row.documents)} documents from ${row.from} to ${row.to}` }),
      Plot.ruleY(named, { fy: (name) => name, y: 0, stroke: "var(--edge)" }),
      Plot.text(named, { fy: (name) => name, text: (name) => shortened(name, letters), frameAnchor: "left", dx: -8, textAnchor: "end" }),
      Plot.ruleX(limits, { stroke: limitColour, strokeWidth: 2 }),
    ],
  }, figure.textContent.trim()), numbersOf(column, edges, asked, used));
}

// The numbers of a histogram, made when they are asked for.
function numbersOf(column, edges, counts, used) {
  const folded = element("details", {}, element("summary", {}, "numbers"));
  folded.addEventListener("toggle", () => {
    const named = Object.keys(counts);
    const heads = ["from", "to", ...named].map((name) => element("th", { scope: "col", class: "n" }, name));
    const rows = d3.range(used).map((bin) => element("tr", {}, ...[edges[bin], edges[bin + 1], ...named.map((name) => counts[name][bin])]
      .map((value) => element("td", { class: "n" }, count(value)))));
    const region = element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `${label(column)}, numbers` }, element("table", {},
      element("caption", {}, `${label(column)}, documents by value`), element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows)));
    folded.append(region);
    tools(region);
  }, { once: true });
  return folded;
}

function drawHistograms() {
  stats.histograms.forEach(drawHistogram);
}

function drawMix() {
  const rows = stats.mix.sources.filter((row) => row.weight || row.given);
  if (!rows.length) return;
  const letters = Math.min(24, d3.max(rows, (row) => row.source.length));
  const most = d3.max(rows, (row) => Math.max(row.weight, row.share));
  place("mix").append(chart({
    width: Math.min(760, widthOf("mix")), height: 50 + 26 * rows.length, marginLeft: 16 + 7 * letters, marginRight: 190, marginBottom: 36,
    x: { label: "share of the mix; the red line is the weight asked", tickFormat: "%", domain: [0, most * 1.02] },
    y: { domain: rows.map((row) => row.source), label: null, tickFormat: (name) => shortened(name, letters) },
    marks: [
      Plot.barX(rows, { x: "share", y: "source", fill: "var(--series-0)", insetTop: 3, insetBottom: 3,
        title: (row) => `${row.source}: ${percent(row.share)} got, ${percent(row.weight)} asked, ${count(row.given)} tokens, ${row.epochs.toFixed(2)} epochs` }),
      Plot.tickX(rows, { x: "weight", y: "source", stroke: limitColour, strokeWidth: 2 }),
      Plot.text(rows, { x: (row) => Math.max(row.share, row.weight), y: "source", dx: 8, textAnchor: "start",
        text: (row) => `${row.epochs.toFixed(2)} epochs, ${d3.format(".3~s")(row.given)} tokens` }),
    ],
  }, "Share of the mix that each source got and was asked for, and its epochs; the table below holds the numbers"));
}

function drawCost() {
  const rows = Object.entries(stats.facts.stages).map(([stage, { seconds, cpu_seconds: cpu }]) => ({ stage, seconds, cpu }));
  if (!rows.length) return;
  place("cost").append(chart({
    width: Math.min(620, widthOf("cost")), height: 50 + 26 * rows.length, marginLeft: 110, marginRight: 60, marginBottom: 36,
    x: { label: "CPU seconds; the line is seconds by the clock" },
    y: { domain: rows.map((row) => row.stage), label: null },
    marks: [
      Plot.barX(rows, { x: "cpu", y: "stage", fill: "var(--series-5)", insetTop: 3, insetBottom: 3,
        title: (row) => `${row.stage}: ${row.cpu.toFixed(1)} CPU seconds, ${row.seconds.toFixed(1)} seconds` }),
      Plot.tickX(rows, { x: "seconds", y: "stage", strokeWidth: 2 }),
      Plot.ruleX([0]),
    ],
  }, "CPU seconds and seconds of each stage; the table below holds the numbers"));
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

drawIn("funnel", drawFunnel);
drawIn("histograms", drawHistograms);
drawIn("overlap", drawOverlap);
drawIn("jaccard", drawJaccard);
drawIn("recall", drawRecall);
drawIn("mix", drawMix);
drawIn("cost", drawCost);

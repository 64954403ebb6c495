"use strict";
// Counts again, on a stored random sample of each source's documents, what the rules would remove with other limits.

const limitRules = stats.rules.filter((rule) => rule.minimum != null || rule.maximum != null);

function limitsOfRun() {
  return Object.fromEntries(limitRules.map((rule) => [rule.name, { minimum: rule.minimum, maximum: rule.maximum }]));
}

// By document of the sample, 1 if it breaks no rule with these limits. A missing measurement breaks no rule.
function keptUnder(sample, limits) {
  const kept = Uint8Array.from(sample.free, (free) => (free ? 1 : 0));
  sample.columns.forEach((column, index) => {
    const { minimum, maximum } = limits[column];
    const values = sample.values[index];
    for (let row = 0; row < kept.length; row++) {
      if (values[row] == null) continue;
      if ((minimum != null && values[row] < minimum) || (maximum != null && values[row] > maximum)) kept[row] = 0;
    }
  });
  return kept;
}

// The change in the population, if each document of the sample changes by +1, 0 or -1 times its weight, and half the
// width of its 95 % interval, which is 0 if the sample is the population. The interval counts two more documents of
// the mean weight, of which half a document is gained and half a one lost (Agresti and Min 2005). So it holds for few
// changes and for none.
function estimate(signs, weight, population) {
  const n = signs.length;
  if (!n) return { total: 0, error: 0 };
  let sum = 0, squares = 0, weights = 0;
  for (let row = 0; row < n; row++) {
    sum += signs[row] * weight(row);
    squares += (signs[row] * weight(row)) ** 2;
    weights += weight(row) ** 2;
  }
  const variance = (squares + weights / n) / (n + 2) - (sum / (n + 2)) ** 2;
  const correction = population > n ? (population - n) / (population - 1) : 0;
  return { total: (sum / n) * population, error: 1.96 * population * Math.sqrt((variance / (n + 2)) * correction) };
}

// The documents that the run's rules keep, which are those that later steps saw.
const LATER = new Set(["url", "exact", "near", "contaminated", "kept"]);
const keptBefore = (source) => d3.sum(stats.funnels.find((funnel) => funnel.source === source).steps,
  (step) => (LATER.has(step.name) ? step.amount.documents : 0));

const NONE = { total: 0, error: 0 };

function recount(sample, limits) {
  const before = keptBefore(sample.source), ofRun = limitsOfRun();
  const sides = ["minimum", "maximum"];
  if (sample.columns.every((column) => sides.every((side) => limits[column][side] === ofRun[column][side]))) {
    return { before, documents: NONE, tokens: NONE }; // known, however small the sample
  }
  const keptThen = keptUnder(sample, ofRun), population = sample.population.documents, tokens = sample.tokens_per_byte;
  const signs = Array.from(keptUnder(sample, limits), (kept, row) => kept - keptThen[row]);
  return {
    before,
    documents: estimate(signs, () => 1, population),
    tokens: tokens == null ? null : estimate(signs, (row) => sample.bytes[row] * tokens, population),
  };
}

// The sources' samples are independent.
function together(counts) {
  const sum = (estimates) => ({ total: d3.sum(estimates, (one) => one.total), error: Math.hypot(...estimates.map((one) => one.error)) });
  return {
    before: d3.sum(counts, (one) => one.before),
    documents: sum(counts.map((one) => one.documents)),
    tokens: counts.some((one) => one.tokens == null) ? null : sum(counts.map((one) => one.tokens)),
  };
}

const rounded = (value) => count(Math.round(value) + 0);
const signed = (value) => (Math.round(value) > 0 ? "+" : "") + rounded(value);
const between = ({ total, error }, show) => show(total) + (error >= 0.5 ? ` ± ${rounded(error)}` : "");

function yamlOf(limits) {
  const lines = [];
  for (const family of new Set(limitRules.map((rule) => rule.family))) {
    const changed = limitRules.filter((rule) => rule.family === family).flatMap((rule) => {
      const sides = ["minimum", "maximum"].filter((side) => limits[rule.name][side] !== rule[side]);
      return sides.length ? [`  ${rule.name}: {${sides.map((side) => `${side}: ${limits[rule.name][side]}`).join(", ")}}`] : [];
    });
    if (changed.length) lines.push(`${family}:`, ...changed);
  }
  return lines.join("\n");
}

// The least and the greatest value in the samples of a user's own column, which has no histogram.
function sampled(column) {
  const values = stats.samples.flatMap((sample) => sample.values[sample.columns.indexOf(column)] ?? []);
  const [from, to] = d3.extent(values);
  return from == null ? [0, 1] : [from, to];
}

// A slider's positions over the range of the histogram: counts on a logarithmic scale, all others on a linear one.
function scaleOf(rule) {
  const edges = stats.histograms.find((histogram) => histogram.column === rule.name)?.edges ?? sampled(rule.name);
  const [from, to] = [edges[0], Math.max(edges.at(-1), rule.minimum ?? 0, rule.maximum ?? 0)];
  if (to >= 1e5) {
    const at = (value) => 100 * Math.log10(value + 1);
    return { from: 0, to: Math.ceil(at(to)), step: 1, at, value: (position) => Math.round(10 ** (position / 100) - 1) };
  }
  const step = edges.every(Number.isInteger) ? 1 : (to - from) / 200;
  return { from, to, step, at: Number, value: (position) => Number(position) };
}

function control(rule, side, limits, changed) {
  const scale = scaleOf(rule);
  const name = `${label(rule.name)}, ${side}`;
  const slider = element("input", { type: "range", min: scale.from, max: scale.to, step: scale.step, "aria-label": name, "data-limit": `${rule.name}.${side}` });
  const exact = element("input", { type: "number", step: "any", min: 0, "aria-label": `${name}, exact` });
  const set = (value) => {
    limits[rule.name][side] = value;
    slider.setAttribute("aria-valuetext", String(value));
    exact.value = value;
    exact.classList.toggle("changed", value !== rule[side]);
  };
  const move = (value) => { set(value); slider.value = scale.at(value); };
  slider.addEventListener("input", () => { set(scale.value(slider.value)); changed(); });
  exact.addEventListener("change", () => { move(exact.value === "" ? rule[side] : Number(exact.value)); changed(); });
  move(rule[side]);
  return { family: rule.family, key: `${rule.name}.${side}`, move, row: element("div", { class: "control" }, element("span", {}, name), slider, exact), reset: () => move(rule[side]) };
}

function resultRow(source, { before, documents, tokens }, sampled, population) {
  const after = { total: before + documents.total, error: documents.error };
  const share = sampled === population ? "all" : `${count(sampled)} of ${count(population)}`;
  const cells = [rounded(before), between(after, rounded), between(documents, signed), tokens ? between(tokens, signed) : "unknown", share];
  return element("tr", { "data-source": source, class: source === all.source ? "total" : "" }, element("th", { scope: "row" }, source),
    ...cells.map((text) => element("td", { class: "n" }, text)));
}

// Limits that are moved stand in the address, so that a link leads to what is seen: #whatif?word_count.minimum=400
const WHATIF = /^#whatif\?(.*)$/;
const addressed = () => new URLSearchParams(WHATIF.exec(location.hash)?.[1] ?? "");

function remember(limits) {
  const moved = limitRules.flatMap((rule) => ["minimum", "maximum"].filter((side) => limits[rule.name][side] !== rule[side])
    .map((side) => [`${rule.name}.${side}`, limits[rule.name][side]]));
  if (moved.length) history.replaceState(null, "", `#whatif?${new URLSearchParams(moved)}`);
  else if (WHATIF.test(location.hash)) history.replaceState(null, "", "#whatif");
}

async function copyText(shown, button) {
  try {
    await navigator.clipboard.writeText(shown.textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(shown);
    button.textContent = "Selected: copy it with the keyboard";
  }
}

function drawWhatIf() {
  const root = place("whatif");
  const samples = stats.samples.filter((sample) => sample.free.length);
  if (!samples.length) return root.append("No limits judge any document of this run.");
  const limits = limitsOfRun();
  const body = element("tbody");
  const yaml = element("pre", { tabindex: 0, "aria-label": "Changed limits as YAML" });
  const said = element("p", { "aria-live": "polite", class: "changes" });
  const changed = () => {
    const counts = samples.map((sample) => recount(sample, limits));
    const whole = together(counts);
    const rows = samples.map((sample, index) => resultRow(sample.source, counts[index], sample.free.length, sample.population.documents));
    const total = resultRow(all.source, whole, d3.sum(samples, (sample) => sample.free.length), d3.sum(samples, (sample) => sample.population.documents));
    body.replaceChildren(...(samples.length > 1 ? [total, ...rows] : rows));
    const moved = yamlOf(limits);
    yaml.textContent = moved || "# as the run had them";
    const tokens = whole.tokens ? `≈ ${between(whole.tokens, signed)}` : "unknown";
    remember(limits);
    if (isServed && moved) exactly(limits, (counts) => {
      const found = counts.map((one) => resultRow(one.source, one, one.population, one.population));
      body.replaceChildren(...(found.length > 1 ? [resultRow(all.source, together(counts), 1, 1), ...found] : found));
      said.textContent = `${signed(d3.sum(counts, (one) => one.documents.total))} documents with these limits, counted over all of them`;
    });
    said.textContent = moved ? `${between(whole.documents, signed)} documents, ${tokens} tokens with these limits` : "No limit is moved.";
  };
  const controls = limitRules.flatMap((rule) => ["minimum", "maximum"].filter((side) => rule[side] != null)
    .map((side) => control(rule, side, limits, changed)));
  const families = [...new Set(controls.map((one) => one.family))].map((family) => element("fieldset", {},
    element("legend", {}, label(family)),
    element("div", { class: "controls" }, ...controls.filter((one) => one.family === family).map((one) => one.row))));
  const reset = element("button", { type: "button" }, "Back to the run's limits");
  reset.addEventListener("click", () => { controls.forEach((one) => one.reset()); changed(); });
  const copy = element("button", { type: "button" }, "Copy as YAML");
  copy.addEventListener("click", () => copyText(yaml, copy));
  const heads = ["source", "kept by the rules", "with these limits", "change in documents", "change in tokens, ≈", "sampled"];
  const explained = "Move a limit and see at once how many documents all rules together would keep, before deduplication. The changes are counted on a seeded random sample of the documents of each source that limits judge, whose size is in the last column. ± is half the width of the 95 % interval; a number without it is exact. Tokens are estimated from bytes (≈); if a few long documents decide, their interval is too narrow.";
  const table = element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "What if table" }, element("table", {},
    element("caption", {}, "Documents kept with these limits"),
    element("thead", {}, element("tr", {}, ...heads.map((head, index) => element("th", { scope: "col", class: index ? "n" : "" }, head)))), body));
  const settings = [said, ...families, element("p", {}, reset, " ", copy), yaml];
  // The rows of many sources would come between the text and the sliders.
  const asked = addressed();
  controls.filter((one) => asked.has(one.key)).forEach((one) => one.move(Number(asked.get(one.key))));
  root.append(element("p", {}, explained), ...(samples.length > 8 ? [...settings, table] : [table, ...settings]));
  changed();
}

drawWhatIf();

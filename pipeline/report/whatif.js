"use strict";
// What other limits would have done, recounted on a stored random sample of each source's documents.

const limitRules = stats.rules.filter((rule) => rule.minimum != null || rule.maximum != null);

function limitsOfRun() {
  return Object.fromEntries(limitRules.map((rule) => [rule.name, { minimum: rule.minimum, maximum: rule.maximum }]));
}

// 1 where a document of the sample breaks no rule under these limits.
function keptUnder(sample, limits) {
  const kept = Uint8Array.from(sample.free, (free) => (free ? 1 : 0));
  sample.columns.forEach((column, index) => {
    const { minimum, maximum } = limits[column];
    const values = sample.values[index];
    for (let row = 0; row < kept.length; row++) {
      if ((minimum != null && values[row] < minimum) || (maximum != null && values[row] > maximum)) kept[row] = 0;
    }
  });
  return kept;
}

// The sum over the population, and half the width of its 95 % interval: 0 where the sample is everything.
function estimate(values, population) {
  const n = values.length;
  if (!n) return { total: 0, error: 0 };
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = n > 1 ? values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1) : 0;
  const correction = Math.max(0, 1 - n / population);
  return { total: mean * population, error: 1.96 * population * Math.sqrt((variance / n) * correction) };
}

function recount(sample, limits) {
  const before = keptUnder(sample, limitsOfRun());
  const after = keptUnder(sample, limits);
  const change = Array.from(after, (kept, row) => kept - before[row]);
  const population = sample.population.documents;
  const tokens = sample.tokens_per_byte;
  return {
    before: estimate(Array.from(before), population),
    after: estimate(Array.from(after), population),
    documents: estimate(change, population),
    tokens: tokens == null ? null : estimate(change.map((sign, row) => sign * sample.bytes[row] * tokens), population),
  };
}

const rounded = (value) => count(Math.round(value));
const signed = (value) => (Math.round(value) > 0 ? "+" : "") + rounded(value);
const between = ({ total, error }, show) => show(total) + (error >= 0.5 ? ` ± ${rounded(error)}` : "");

function yamlOf(limits) {
  const lines = [];
  for (const family of ["quality", "repetition"]) {
    const changed = limitRules.filter((rule) => rule.family === family).flatMap((rule) => {
      const sides = ["minimum", "maximum"].filter((side) => limits[rule.name][side] !== rule[side]);
      return sides.length ? [`  ${rule.name}: {${sides.map((side) => `${side}: ${limits[rule.name][side]}`).join(", ")}}`] : [];
    });
    if (changed.length) lines.push(`${family}:`, ...changed);
  }
  return lines.length ? lines.join("\n") : "# as the run had them";
}

// A slider's positions: word counts by their logarithm, all else evenly.
const scales = {
  word_count: { from: 0, to: 600, step: 1, value: (at) => Math.round(10 ** (at / 100)), at: (value) => 100 * Math.log10(Math.max(1, value)) },
  mean_word_length: { from: 0, to: 20, step: 0.1 },
  stop_word_count: { from: 0, to: 9, step: 1 },
};
const even = { from: 0, to: 1, step: 0.005 };

function control(rule, side, limits, changed) {
  const scale = { value: Number, at: Number, ...(scales[rule.name] ?? even) };
  const name = `${label(rule.name)}, ${side}`;
  const slider = element("input", { type: "range", min: scale.from, max: scale.to, step: scale.step, "aria-label": name, "data-limit": `${rule.name}.${side}` });
  const exact = element("input", { type: "number", step: "any", min: 0, "aria-label": `${name}, exact` });
  const set = (value) => {
    limits[rule.name][side] = value;
    slider.value = scale.at(value);
    slider.setAttribute("aria-valuetext", String(value));
    exact.value = value;
    exact.classList.toggle("changed", value !== rule[side]);
  };
  slider.addEventListener("input", () => { set(scale.value(slider.value)); changed(); });
  exact.addEventListener("change", () => { set(exact.value === "" ? rule[side] : Number(exact.value)); changed(); });
  set(rule[side]);
  return { row: element("div", { class: "control" }, element("span", {}, name), slider, exact), reset: () => set(rule[side]) };
}

function resultRow(sample, limits) {
  const { before, after, documents, tokens } = recount(sample, limits);
  const cells = [between(before, rounded), between(after, rounded), between(documents, signed), tokens ? between(tokens, signed) : "unknown"];
  return element("tr", { "data-source": sample.source }, element("th", { scope: "row" }, sample.source),
    ...cells.map((text) => element("td", { class: "n" }, text)));
}

function drawWhatIf() {
  const root = place("whatif");
  if (!stats.samples.some((sample) => sample.free.length)) return root.append("No limits judge any document of this run.");
  const limits = limitsOfRun();
  const body = element("tbody");
  const yaml = element("pre", { tabindex: 0, "aria-label": "Changed limits as YAML" });
  const said = element("p", { "aria-live": "polite", class: "meta" });
  const changed = () => {
    body.replaceChildren(...stats.samples.map((sample) => resultRow(sample, limits)));
    yaml.textContent = yamlOf(limits);
    said.textContent = stats.samples.map((sample) => `${sample.source}: ${between(recount(sample, limits).documents, signed)} documents`).join("; ");
  };
  const controls = limitRules.flatMap((rule) => ["minimum", "maximum"].filter((side) => rule[side] != null)
    .map((side) => control(rule, side, limits, changed)));
  const reset = element("button", { type: "button" }, "Back to the run's limits");
  reset.addEventListener("click", () => { controls.forEach((one) => one.reset()); changed(); });
  const copy = element("button", { type: "button" }, "Copy as YAML");
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(yaml.textContent);
    copy.textContent = "Copied";
  });
  const sizes = stats.samples.map((sample) => `${count(sample.free.length)} of ${count(sample.population.documents)} documents of ${sample.source}`);
  const heads = ["source", "kept by the rules", "under these limits", "documents", "tokens"];
  root.append(
    element("p", {}, `Move a limit and see at once how many documents all rules together would keep, before deduplication. Counted on a seeded random sample: ${sizes.join(", ")}. ± is the half width of the 95 % interval; without it the sample is everything. Tokens are estimated from bytes.`),
    element("div", { class: "scroll" }, element("table", {}, element("thead", {}, element("tr", {},
      ...heads.map((head, index) => element("th", { scope: "col", class: index ? "n" : "" }, head)))), body)),
    said, element("div", { class: "controls" }, ...controls.map((one) => one.row)), element("p", {}, reset, " ", copy), yaml);
  changed();
}

drawWhatIf();

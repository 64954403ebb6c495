"use strict";
// Charts of an ablation. Every number drawn here is also in a table of the page.
const found = JSON.parse(document.getElementById("data").textContent);
const arms = found.curves.map((curve) => curve.arm);
const named = (name) => name.replaceAll("_", " ");
const colours = { domain: arms, range: arms.map((_, number) => `var(--series-${number % 12})`), legend: true, tickFormat: named };

function draw(name, described, options) {
  const place = document.getElementById(name);
  const drawn = Plot.plot({
    width: Math.min(960, place.clientWidth), style: { background: "none", color: "inherit", fontSize: "12px" },
    ariaLabel: described, color: colours, ...options,
  });
  const svg = drawn.tagName === "svg" ? drawn : drawn.querySelector(":scope > svg:last-of-type");
  svg.setAttribute("role", "img");
  place.append(drawn);
}

draw("curve", `${found.rows[0].measure}: bits per byte by tokens, for each arm; the table below holds the numbers`, {
  height: 320, marginLeft: 60, marginBottom: 40,
  x: { label: "tokens", tickFormat: "~s" },
  y: { label: `bits per byte, ${found.rows[0].measure}`, zero: false, grid: true },
  marks: found.curves.map((curve) =>
    Plot.lineY(curve.tokens.map((tokens, at) => ({ tokens, bits: curve.bits_per_byte[at], arm: curve.arm })), {
      x: "tokens", y: "bits", stroke: "arm", marker: true,
    })),
});

const differences = found.rows.flatMap((row) => row.cells.filter((cell) => cell.difference).map((cell) => ({
  measure: row.measure, arm: cell.arm, ...cell.difference,
})));
const letters = Math.max(...found.rows.map((row) => row.measure.length));
draw("differences", `Difference of each arm to ${named(arms[0])} in bits per byte, with intervals; the table below holds the numbers`, {
  height: 60 + 26 * differences.length, marginLeft: 30 + 7 * Math.min(30, letters), marginBottom: 40,
  x: { label: `bits per byte more than ${named(arms[0])}`, grid: true },
  y: { label: null, domain: differences.map((one) => `${one.measure} ${one.arm}`), axis: null },
  fy: { label: null },
  marks: [
    Plot.ruleX([0], { stroke: "var(--edge)" }),
    Plot.ruleY(differences.filter((one) => one.low !== null), { y: (one) => `${one.measure} ${one.arm}`, x1: "low", x2: "high", stroke: "arm", strokeWidth: 2 }),
    Plot.dot(differences, { y: (one) => `${one.measure} ${one.arm}`, x: "mean", fill: "arm", r: 4 }),
    Plot.text(differences, { y: (one) => `${one.measure} ${one.arm}`, text: "measure", frameAnchor: "left", dx: -7, textAnchor: "end", fill: "currentColor" }),
  ],
});

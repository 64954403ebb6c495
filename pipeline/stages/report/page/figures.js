"use strict";
// The page's own figures, and the few things that all its scripts use.
const stats = JSON.parse(document.getElementById("data").textContent);
const place = (name) => document.querySelector(`[data-chart="${name}"]`);
const label = (name) => name.replaceAll("_", " ");
const count = (value) => value.toLocaleString("en");
const percent = (value) => `${(100 * value).toFixed(value < 0.1 ? 1 : 0)} %`;
const limitColour = "var(--limit)";
const all = stats.funnels[0];
const sources = stats.funnels.slice(1).map((funnel) => funnel.source);

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

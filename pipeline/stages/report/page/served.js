"use strict";
// What the page asks of `massivetext serve`. In a page that lies in a folder, nothing of this begins.
const isServed = typeof served !== "undefined";

async function ask(path, options) {
  const response = await fetch(path, options);
  const found = await response.json();
  if (!response.ok) throw new Error(found.error);
  return found;
}

const post = (path, value) => ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) });
const query = (values) => new URLSearchParams(values);

let latest = 0; // an answer to an earlier question is dropped

// Counts over all documents under these limits, for `show`, in the form that a sample is recounted in.
async function exactly(limits, show) {
  const number = ++latest;
  const sides = ["minimum", "maximum"];
  const moved = limitRules.filter((rule) => sides.some((side) => limits[rule.name][side] !== rule[side]));
  const { sources: found } = await post("whatif", Object.fromEntries(moved.map((rule) => [rule.name, limits[rule.name]])));
  if (number !== latest) return;
  const perByte = Object.fromEntries(stats.samples.map((sample) => [sample.source, sample.tokens_per_byte]));
  show(found.map((one) => ({
    source: one.source, population: one.documents, before: one.before,
    documents: { total: one.after - one.before, error: 0 },
    tokens: perByte[one.source] == null ? null : { total: (one.bytes_after - one.bytes_before) * perByte[one.source], error: 0 },
  })));
}

function marked(excerpt) {
  const text = element("pre", { tabindex: 0 });
  let at = 0;
  for (const [start, end] of excerpt.marks) {
    text.append(excerpt.text.slice(at, start), element("mark", {}, excerpt.text.slice(start, end)));
    at = end;
  }
  text.append(excerpt.text.slice(at));
  return text;
}

function textOf(excerpt) {
  if (!excerpt) return [element("p", { class: "meta" }, "not in this output")];
  const head = [excerpt.source, excerpt.language, excerpt.title, excerpt.url].filter(Boolean).join(", ");
  return [element("p", { class: "meta" }, element("code", {}, excerpt.id), ` ${head}`), marked(excerpt)];
}

const said = (text) => { document.querySelector("[data-said]").textContent = text; };
const failed = (error) => said(error.message);

function button(text, act) {
  const made = element("button", { type: "button" }, text);
  made.addEventListener("click", () => act().catch(failed));
  return made;
}

function measurements(measured) {
  const cells = (one) => [one.value, one.minimum ?? "", one.maximum ?? "", one.is_broken ? "broken" : ""];
  const rows = measured.map((one) => element("tr", {}, element("th", { scope: "row" }, label(one.name)),
    ...cells(one).map((value) => element("td", { class: "n" }, String(value)))));
  const heads = ["measurement", "value", "at least", "at most", "limit"].map((head) => element("th", { scope: "col" }, head));
  return element("details", {}, element("summary", {}, "measurements"), element("table", {}, element("caption", {}, "Measurements"),
    element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows)));
}

function noteOn(id, notes) {
  const kept = notes[id] ?? { label: "", text: "" };
  const form = element("form", { class: "ask" }, element("label", {}, "label ", element("input", { name: "label", value: kept.label, size: 10 })),
    element("label", {}, "note ", element("input", { name: "text", value: kept.text, size: 40 })), element("button", {}, "Keep"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    post("notes", { id, ...Object.fromEntries(new FormData(form)) }).then(({ file }) => said(`kept in ${file}`), failed);
  });
  return form;
}

function groupOf(group) {
  const name = (one) => one.excerpt?.title ?? one.excerpt?.url ?? one.excerpt?.id ?? "not in this output";
  const similar = (one) => (one.jaccard == null ? "" : `, ${one.jaccard.toFixed(3)}`);
  return [element("h4", {}, `${count(group.documents)} duplicates of`), ...textOf(group.survivor), ...group.members.map((one) =>
    element("details", {}, element("summary", {}, `${one.kind}${similar(one)}: ${name(one)}`), ...textOf(one.excerpt)))];
}

function sequencesOf(found) {
  if (!found.length) return element("p", {}, "It is in no sequence.");
  return element("ul", {}, ...found.map((one) => element("li", {},
    `sequence ${one.sequence}: copy ${one.copy}, its tokens ${count(one.start)} to ${count(one.start + one.tokens - 1)}`)));
}

function documentOf(one, notes) {
  const { id } = one.excerpt, around = element("div");
  const pair = one.other && element("div", { class: "pair" }, element("article", {}, ...textOf(one.excerpt)), element("article", {}, ...textOf(one.other)));
  return element("article", { class: "document" }, element("h3", {}, one.fate === "kept" ? "kept" : `removed: ${label(one.fate)}`),
    ...(pair ? [pair] : textOf(one.excerpt)), measurements(one.measured), element("p", {},
      button("Its duplicates", async () => around.replaceChildren(...groupOf(await ask(`group?${query({ id: one.facts.survivor_id ?? id })}`)))), " ",
      button("Its sequences", async () => around.replaceChildren(sequencesOf(await ask(`sequences?${query({ id })}`))))),
    noteOn(id, notes), around);
}

function runOf(one) {
  return element("li", {}, element("code", {}, one.id), ` from token ${count(one.offset)}, ${count(one.tokens)} tokens, copy ${one.copy}: ${one.beginning}`);
}

function beginBrowsing() {
  const [search, sequence] = document.querySelectorAll("form.ask");
  const found = document.querySelector("[data-found]");
  search.addEventListener("submit", (event) => {
    event.preventDefault();
    said("searching");
    const given = [...new FormData(search)].filter(([, value]) => value !== "");
    Promise.all([ask(`documents?${query(given)}`), ask("notes")]).then(([documents, notes]) => {
      found.replaceChildren(...documents.map((one) => documentOf(one, notes)));
      said(documents.length ? `${documents.length} documents` : "no such document");
    }, failed);
  });
  sequence.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(`sequence?${query(new FormData(sequence))}`).then((runs) => {
      found.replaceChildren(element("ol", {}, ...runs.map(runOf)));
      said(`${runs.length} documents in the sequence`);
    }, failed);
  });
}

if (isServed) beginBrowsing();

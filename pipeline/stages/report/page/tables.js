"use strict";
// Tables: they can be sorted by any column and saved as CSV; long ones can be searched and are shortened.
const LONG = 12; // rows: a longer table can be searched
const SHOWN = 25; // rows that a long table shows at first

// A cell's own value: the exact number of a cell that is written for people, else its text without the share after it.
function valueOf(cell) {
  const exact = cell.querySelector("data");
  if (exact) return exact.value;
  const copy = cell.cloneNode(true);
  for (const small of copy.querySelectorAll("small")) small.remove();
  return copy.textContent.trim().replace(/\s+/g, " ").replace(/^[≈⚠] /, "");
}

function numberOf(text) {
  const plain = text.replaceAll(",", "").replace(/ ?%$/, "");
  return plain !== "" && Number.isFinite(Number(plain)) ? Number(plain) : null;
}

const isFixed = (row) => row.matches(".unit, .total");

function sortBy(table, column, descending) {
  for (const body of table.tBodies) {
    const rows = [...body.rows].filter((row) => !isFixed(row));
    const key = (row) => { const text = valueOf(row.cells[column]); return numberOf(text) ?? text; };
    const sign = descending ? -1 : 1;
    rows.sort((a, b) => {
      const [x, y] = [key(a), key(b)];
      const numbers = (typeof x === "number") - (typeof y === "number");
      return numbers ? -numbers : sign * (typeof x === "number" ? x - y : x.localeCompare(y));
    });
    body.append(...rows);
  }
}

function sortable(table, update) {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  heads.forEach((head, column) => {
    const button = element("button", { type: "button", class: "sort" }, ...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const isNumber = head.classList.contains("n");
      const was = head.getAttribute("aria-sort");
      const descending = was ? was === "ascending" : isNumber;
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      sortBy(table, column, descending);
      update();
    });
  });
}

function csvOf(table) {
  const quoted = (text) => /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const plain = (cell) => { const text = valueOf(cell), number = numberOf(text); return quoted(/%$/.test(text) || number === null ? text : String(number)); };
  const lines = table.tHead ? [[...table.tHead.rows[0].cells].map((cell) => quoted(cell.textContent.trim())).join(",")] : [];
  const units = table.matches("[data-units]");
  if (units) lines[0] = `unit,${lines[0]}`;
  for (const body of table.tBodies) {
    for (const row of body.rows) {
      if (row.matches(".unit")) continue;
      lines.push([...(units ? [body.dataset.unit] : []), ...[...row.cells].map(plain)].join(","));
    }
  }
  return lines.join("\n") + "\n";
}

function download(name, type, text) {
  const link = element("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const fileName = (text) => text.toLowerCase().replace(/[^\w]+/g, "-").replace(/^-|-$/g, "").slice(0, 60);

function tools(region) {
  const table = region.querySelector(":scope > table");
  const rows = () => [...table.tBodies].flatMap((body) => [...body.rows]);
  const long = Math.max(...[...table.tBodies].map((body) => body.rows.length));
  const title = table.caption?.textContent ?? region.getAttribute("aria-label");
  let all = long <= SHOWN, asked = "";
  const bar = element("p", { class: "tools" });
  const update = () => {
    for (const body of table.tBodies) {
      let shown = 0;
      for (const row of body.rows) {
        const hit = isFixed(row) || row.textContent.toLowerCase().includes(asked);
        row.hidden = !(hit && (isFixed(row) || all || asked !== "" || shown < SHOWN));
        shown += hit && !isFixed(row);
      }
    }
  };
  if (long > LONG) {
    const search = element("input", { type: "search", placeholder: "search", "aria-label": `search in ${title}` });
    search.addEventListener("input", () => { asked = search.value.trim().toLowerCase(); update(); });
    bar.append(search, " ");
  }
  if (!all) {
    const more = element("button", { type: "button" }, `show all ${count(rows().length)} rows`);
    more.addEventListener("click", () => { all = true; update(); more.remove(); });
    bar.append(more, " ");
  }
  const csv = element("button", { type: "button", "aria-label": `${title} as CSV` }, "CSV");
  csv.addEventListener("click", () => download(`${fileName(title)}.csv`, "text/csv", csvOf(table)));
  bar.append(csv);
  sortable(table, update);
  if (table.matches("[data-units]")) bar.prepend(unitButtons(table), " ");
  region.before(bar);
  update();
}

// A table with three units shows one of them at a time.
function unitButtons(table) {
  const bodies = [...table.tBodies];
  const group = element("span", { role: "group", "aria-label": "unit" });
  const choose = (unit) => {
    for (const body of bodies) body.hidden = body.dataset.unit !== unit;
    for (const button of group.children) button.setAttribute("aria-pressed", String(button.textContent === unit));
  };
  for (const body of bodies) {
    const button = element("button", { type: "button" }, body.dataset.unit);
    button.addEventListener("click", () => choose(body.dataset.unit));
    group.append(button);
  }
  choose(bodies[0].dataset.unit);
  return group;
}

document.querySelectorAll(".scroll").forEach(tools);

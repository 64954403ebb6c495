// TeX formulas rendered as pages hold them: node formulas.mjs FORMULAS.json; prints {renderer: [HTML, or null]}.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.cwd() + "/");
const katex = require("katex");
const { mathjax } = require("mathjax-full/js/mathjax.js");
const { TeX } = require("mathjax-full/js/input/tex.js");
const { CHTML } = require("mathjax-full/js/output/chtml.js");
const { liteAdaptor } = require("mathjax-full/js/adaptors/liteAdaptor.js");
const { RegisterHTMLHandler } = require("mathjax-full/js/handlers/html.js");
const { AssistiveMmlHandler } = require("mathjax-full/js/a11y/assistive-mml.js");
const { AllPackages } = require("mathjax-full/js/input/tex/AllPackages.js");

const adaptor = liteAdaptor();
AssistiveMmlHandler(RegisterHTMLHandler(adaptor));
const packages = AllPackages.filter((name) => name !== "bussproofs");
const page = mathjax.document("", { InputJax: new TeX({ packages }), OutputJax: new CHTML({ fontURL: "." }) });

function attempt(render) {
  try {
    const html = render();
    return /katex-error|<merror|data-mjx-error/.test(html) ? null : html;
  } catch {
    return null;
  }
}

const formulas = JSON.parse(readFileSync(process.argv[2], "utf8"));
const escaped = (tex) => tex.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
console.log(
  JSON.stringify({
    katex: formulas.map((tex) => attempt(() => katex.renderToString(tex, { throwOnError: true }))),
    "katex, display": formulas.map((tex) => attempt(() => katex.renderToString(tex, { displayMode: true }))),
    "mathjax 2, script": formulas.map(
      (tex) => `<span class="MathJax_Preview"><span>x</span></span><span class="MathJax"><nobr>y</nobr></span>` +
        `<script type="math/tex">${tex}</script>`),
    "source, as mathjax and pandoc leave it": formulas.map((tex) => `<span class="math inline">\\(${escaped(tex)}\\)</span>`),
    "mathjax 3, MathML": formulas.map((tex) => attempt(() => adaptor.outerHTML(page.convert(tex, { display: false })))),
  }),
);

"""Tables from MathML to TeX: signs, functions, accents, variants of letters, widths of spaces, brackets of tables."""

SYMBOLS = {
    sign: f"\\{name}"
    for names in (
        "αalpha βbeta γgamma δdelta ϵepsilon εvarepsilon ζzeta ηeta θtheta ϑvartheta ιiota κkappa λlambda μmu νnu ξxi"
        " πpi ϖvarpi ρrho ϱvarrho σsigma ςvarsigma τtau υupsilon ϕphi φvarphi χchi ψpsi ωomega ΓGamma ΔDelta ΘTheta"
        " ΛLambda ΞXi ΠPi ΣSigma ΥUpsilon ΦPhi ΨPsi ΩOmega",
        "×times ÷div ±pm ∓mp ⋅cdot ∗ast ⋆star ∘circ ∙bullet ⊕oplus ⊖ominus ⊗otimes ⊙odot ∧wedge ∨vee ∩cap ∪cup ⊎uplus"
        " ∖setminus †dagger ‡ddagger ⊔sqcup ⊓sqcap ⨿amalg",
        "≤leq ≥geq ≠neq ≡equiv ≈approx ∼sim ≃simeq ≅cong ∝propto ≪ll ≫gg ∈in ∋ni ∉notin ⊂subset ⊃supset ⊆subseteq"
        " ⊇supseteq ⊢vdash ⊣dashv ⊨models ⊥perp ∥parallel ∣mid ≺prec ≻succ ⪯preceq ⪰succeq ≍asymp ≐doteq ⋈bowtie"
        " ≲lesssim ≳gtrsim ⊊subsetneq ⩽leqslant ⩾geqslant ≜triangleq",
        "→to ←leftarrow ↔leftrightarrow ⇒Rightarrow ⇐Leftarrow ⇔Leftrightarrow ↦mapsto ↑uparrow ↓downarrow"
        " ⟶longrightarrow ⟵longleftarrow ⟹Longrightarrow ⟸Longleftarrow ⟺iff ⟼longmapsto"
        " ↪hookrightarrow ↩hookleftarrow ⇀rightharpoonup"
        " ↗nearrow ↘searrow ↙swarrow ↖nwarrow ⇌rightleftharpoons ⇝rightsquigarrow ↕updownarrow",
        "∑sum ∏prod ∐coprod ∫int ∬iint ∭iiint ∮oint ⋃bigcup ⋂bigcap ⨁bigoplus ⨂bigotimes ⋀bigwedge ⋁bigvee ⨆bigsqcup",
        "∞infty ∂partial ∇nabla ∀forall ∃exists ∄nexists ∅emptyset ¬neg ⊤top ⋯cdots …ldots ⋮vdots ⋱ddots ℏhbar ℓell ℜRe"
        " ℑIm ℘wp ℵaleph ∠angle △triangle □Box ◇Diamond ♯sharp ♭flat ♮natural √surd ⟨langle ⟩rangle ⌊lfloor ⌋rfloor"
        " ⌈lceil ⌉rceil ‖Vert ∴therefore ∵because ♣clubsuit ♢diamondsuit ♡heartsuit ♠spadesuit ◯bigcirc ∎blacksquare"
        " ıimath ȷjmath §S ¶P ∡measuredangle ∁complement",
    )
    for sign, name in ((word[0], word[1:]) for word in names.split())
} | {
    "−": "-",
    "′": "'",
    "″": "''",
    "‴": "'''",
    "{": r"\{",
    "}": r"\}",
    "%": r"\%",
    "#": r"\#",
    "&": r"\&",
    "$": r"\$",
    "_": r"\_",
    "\\": r"\backslash",
    "\xa0": r"\ ",
    "∕": "/",
    "‐": "-",
    "≔": ":=",
    "ℝ": r"\mathbb{R}",
    "ℕ": r"\mathbb{N}",
    "ℤ": r"\mathbb{Z}",
    "ℚ": r"\mathbb{Q}",
    "ℂ": r"\mathbb{C}",
    "ℙ": r"\mathbb{P}",
    "ℍ": r"\mathbb{H}",
}
INVISIBLE = dict.fromkeys(range(0x2061, 0x2065)) | {0x200B: None, 0xFEFF: None}
FUNCTIONS = frozenset(
    (
        *(
            "sin",
            "cos",
            "tan",
            "cot",
            "sec",
            "csc",
            "arcsin",
            "arccos",
            "arctan",
            "sinh",
            "cosh",
            "tanh",
            "coth",
        ),
        *(
            "log",
            "ln",
            "lg",
            "exp",
            "lim",
            "max",
            "min",
            "sup",
            "inf",
            "det",
            "dim",
            "ker",
            "deg",
            "gcd",
            "hom",
        ),
        *("arg", "Pr", "limsup", "liminf"),
    )
)
LIMITS = frozenset(
    (r"\lim", r"\max", r"\min", r"\sup", r"\inf", r"\det", r"\gcd", r"\Pr", r"\limsup", r"\liminf")
) | {SYMBOLS[sign] for sign in "∑∏∐⋃⋂⨁⨂⋀⋁⨆"}
OVER = {
    "^": "hat",
    "ˆ": "hat",
    "~": "tilde",
    "˜": "tilde",
    "¯": "bar",
    "ˉ": "bar",
    "‾": "overline",
    "―": "overline",
    "_": "overline",
    "→": "vec",
    "⃗": "vec",
    "˙": "dot",
    ".": "dot",
    "¨": "ddot",
    "ˇ": "check",
    "´": "acute",
    "`": "grave",
    "˘": "breve",
    "⏞": "overbrace",
    "︷": "overbrace",
}
UNDER = {
    "_": "underline",
    "‾": "underline",
    "―": "underline",
    "¯": "underline",
    "⏟": "underbrace",
    "︸": "underbrace",
}
WIDE = {"hat": "widehat", "tilde": "widetilde", "bar": "overline", "vec": "overrightarrow"}
VARIANTS = {
    "bold": "mathbf",
    "double-struck": "mathbb",
    "script": "mathcal",
    "fraktur": "mathfrak",
    "sans-serif": "mathsf",
    "monospace": "mathtt",
    "bold-italic": "boldsymbol",
}
STYLES = {"BOLD": "mathbf", "DOUBLE-STRUCK": "mathbb", "SCRIPT": "mathcal", "FRAKTUR": "mathfrak"} | {
    "SANS-SERIF": "mathsf",
    "MONOSPACE": "mathtt",
}
SPACES = (
    (-0.1, r"\!"),
    (0.12, ""),
    (0.2, r"\,"),
    (0.25, r"\:"),
    (0.4, r"\;"),
    (1.5, r"\quad"),
    (9.0, r"\qquad"),
)
MATRICES = {
    "()": "pmatrix",
    "[]": "bmatrix",
    "||": "vmatrix",
    r"\{": "cases",
    r"\{\}": "Bmatrix",
    r"\Vert\Vert": "Vmatrix",
}

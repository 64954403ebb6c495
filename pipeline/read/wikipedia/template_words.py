"""Which templates stand for which words. What one language means by a name goes before what most mean by it.

A template that is not here is not known. Those that hold no text (references, notices, icons, navigation) are listed
too, since nothing is lost where they stood.
"""

import re
from collections.abc import Callable

from massivetext.pipeline.read.wikipedia import dates, numbers
from massivetext.pipeline.read.wikipedia.opaque import formula
from massivetext.pipeline.read.wikipedia.template_names import (
    CONSTANTS,
    DATES,
    FIRST,
    JOINED,
    LANGUAGE_NAMES,
    LAST,
    LINKS,
    NOTHING,
    SHIPS,
    SPACED,
    names_in,
)
from massivetext.pipeline.read.wikipedia.templates import UNKNOWN, Call

Render = Callable[[Call], str]


def _first(call: Call) -> str:
    return call.get("1", "text", "quote", "content", "texte", "texto", "testo") or UNKNOWN


def _last(call: Call) -> str:
    words = call.words
    return words[-1] if len(words) > 1 else call.get("text") or UNKNOWN


def _second(call: Call) -> str:
    return call.get("2", "text", "texte") or UNKNOWN


def _second_or_first(call: Call) -> str:
    return call.get("2", "1") or UNKNOWN


def _joined(call: Call) -> str:
    return "".join(call.words) or UNKNOWN


def _spaced(call: Call) -> str:
    return " ".join(word for word in call.words if word) or UNKNOWN


def _nothing(_: Call) -> str:
    return ""


def _constant(text: str) -> Render:
    return lambda _: text


def _before(text: str) -> Render:
    return lambda call: f"{text}{call.get('1')}".strip()


def _link(call: Call) -> str:
    """A link to a page that another wiki has: its label."""
    return call.get("lt", "text", "texte", "trad", "label", "display", "1", "fr", "quoi") or UNKNOWN


def _french_link(call: Call) -> str:
    return call.get("texte", "fr", "1", "trad") or UNKNOWN


def _russian_link(call: Call) -> str:
    return call.get("текст", "2", "1") or UNKNOWN


def _japanese(call: Call) -> str:
    """`{{nihongo|English|kanji|romaji|more}}`."""
    given = [call.get(*names) for names in (("1",), ("2",), ("3",), ("4", "extra"))]
    given = [each for each in given if each] or [UNKNOWN]
    inside = ", ".join(given[1:])
    return f"{given[0]} ({inside})" if inside else given[0]


def _japanese_3(call: Call) -> str:
    """`{{nihongo3|English|kanji|romaji}}`, of which the romaji stands first."""
    english, kanji, romaji = call.get("1"), call.get("2"), call.get("3")
    inside = ", ".join(part for part in (kanji, english) if part)
    return f"{romaji or english} ({inside})" if romaji and inside else romaji or english or UNKNOWN


def _chinese(call: Call) -> str:
    return call.get("t", "s", "c", "1", "hant", "hans") or UNKNOWN


def _listed(call: Call) -> str:
    """`{{hlist|a|b}}`: a list within a line."""
    return ", ".join(word for word in call.words if word) or UNKNOWN


def _address(call: Call) -> str:
    return call.get("2", "1") or UNKNOWN


def _gauge(call: Call) -> str:
    """`{{RailGauge|1435mm}}`: a track gauge."""
    length = GAUGE.fullmatch(call.get("1").strip())
    return f"{length[1]} {length[2]}" if length else GAUGES.get(call.get("1").lower(), UNKNOWN)


GAUGE = re.compile(r"([\d.,/+-]+) ?(mm|cm|m|in|ft)")
GAUGES = {"sg": "standard gauge", "standard": "standard gauge", "bg": "broad gauge", "mg": "metre gauge"}


def _named(call: Call) -> str:
    return next((value for value in call.arguments.values() if value), UNKNOWN)


def _ship(call: Call) -> str:
    """`{{ship|HMS|Victory|1765|2}}`: prefix, name, number, and which of them to show."""
    words = [*call.words, "", "", ""]
    prefix, name, number, shown = words[0], words[1], words[2], words[3]
    return _ship_name(prefix, name, number, shown)


def _prefixed_ship(call: Call) -> str:
    """`{{HMS|Victory|1765|2}}`."""
    words = [*call.words, "", "", ""]
    name, number, shown = words[0], words[1], words[2]
    return _ship_name(call.name.upper(), name, number, shown)


def _ship_name(prefix: str, name: str, number: str, shown: str) -> str:
    if not name:
        return UNKNOWN
    whole = f"{prefix} {name}".strip()
    if shown == "1":
        return number or name
    if shown in ("2", "3", "4", "5"):
        return name if shown == "2" else whole
    if shown == "6":
        return f"{name} ({number})" if number else name
    return f"{whole} ({number})" if number else whole


def _ship_class(call: Call) -> str:
    name, kind = call.get("1"), call.get("2")
    return f"{name}-class {kind}" if name and kind else f"{name} class" if name else UNKNOWN


def _formula(call: Call) -> str:
    """`{{math|''E'' {{=}} ''mc''<sup>2</sup>}}` as TeX."""
    text = call.get("1", "big", "size")
    for pattern, replacement in TEX:
        text = pattern.sub(replacement, text)
    return formula(call.taken.put_back(text).replace(r"\(", "").replace(r"\)", ""), False, False, call.taken)


TEX = [
    (re.compile(r"'{2,}"), ""),
    (re.compile(r"<sup>(.*?)</sup>", re.IGNORECASE | re.DOTALL), r"^{\1}"),
    (re.compile(r"<sub>(.*?)</sub>", re.IGNORECASE | re.DOTALL), r"_{\1}"),
    (re.compile(r"</?[a-z]+[^<>]*>", re.IGNORECASE), ""),
    (re.compile(r"&nbsp;|&thinsp;"), " "),
    (re.compile(r"&minus;"), "-"),
    (re.compile(r"&times;"), r"\\times "),
    (re.compile(r"&([a-z]+);", re.IGNORECASE), r"\\\1 "),
]


def _chemical(call: Call) -> str:
    return "".join(call.words).replace("_", "").replace("{", "").replace("}", "") or UNKNOWN


def _nuclide(call: Call) -> str:
    element, number = call.get("1"), call.get("2")
    return f"{element}-{number}" if element and number else UNKNOWN


def _above_below(call: Call) -> str:
    above, below = call.get("p", "1"), call.get("b", "2")
    return f"^{{{above}}}_{{{below}}}" if above and below else above or below


def _root(call: Call) -> str:
    return f"√{call.get('1')}" if call.get("1") else "√"


def _sound(call: Call) -> str:
    """`{{IPAc-en|ˈ|æ|l|b|ɪ|d|oʊ}}`: phonemes between strokes, without what is said about them."""
    words = [SOUNDS.get(word, word) for word in call.words if word not in NOT_SOUNDS]
    return f"/{''.join(words)}/" if words else UNKNOWN


SOUNDS = {"'": "ˈ", ",": "ˌ", "_": " "}
NOT_SOUNDS = frozenset("us uk au ca nz lang icon audio pron en local also or ipa pronunciation gb".split())  # noqa: SIM905


def _phonetic(call: Call) -> str:
    words = [word for word in call.words if word not in NOT_SOUNDS and not word.endswith((".ogg", ".oga"))]
    text = words[0] if words else ""
    if not text:
        return UNKNOWN
    return text if text[0] in "[/" or call.name == "ipa" else f"[{text}]"


def _respelled(call: Call) -> str:
    return "-".join(word for word in call.words if word).replace("-'-", "'").replace("-_-", " ") or UNKNOWN


def _angle(call: Call) -> str:
    return f"⟨{call.get('1')}⟩" if call.get("1") else UNKNOWN


def _quoted(call: Call) -> str:
    opening, closing = QUOTES.get(call.wiki.language, ("“", "”"))
    return f"{opening}{call.get('1', 'text')}{closing}" if call.get("1", "text") else UNKNOWN


QUOTES = {
    "de": ("„", "“"),
    "pl": ("„", "”"),
    **dict.fromkeys(("fr", "ru", "uk", "es", "it", "ca"), ("«", "»")),
}


def _source(call: Call) -> str:
    """`{{harvtxt|Smith|2000}}` in a sentence: the names and the year."""
    words = [word for word in call.words if word]
    if len(words) < 2:
        return UNKNOWN
    names = " & ".join(words[:-1]) if len(words) < 4 else f"{words[0]} et al."
    return f"{names} ({words[-1]})" if call.name.startswith(("harvtxt", "harvs")) else f"{names} {words[-1]}"


def _flag(call: Call) -> str:
    return call.get("name", "1") or UNKNOWN


def _lang(call: Call) -> str:
    words = call.words
    return words[1] if len(words) > 1 and words[1] else call.get("text") or UNKNOWN


def _foreign(call: Call, code: str) -> str:
    """`{{lang-ru|Москва|Moskva|lit=...}}`: the language, the words, their Latin letters, what they mean."""
    words = _first(call)
    name = LANGUAGE_NAMES.get(code) if call.wiki.language == "en" and call.get("label") != "none" else None
    latin, meaning = call.get("translit", "tr", "2"), call.get("lit", "translation", "3")
    told = [f"{name}: {words}" if name else words]
    told += [f"romanized: {latin}"] if latin else []
    return ", ".join([*told, *([f"lit. '{meaning}'"] if meaning else [])])


def _shifted(arguments: dict[str, str]) -> dict[str, str]:
    """The arguments without the first unnamed one."""
    return {
        str(int(key) - 1) if key.isdecimal() else key: value for key, value in arguments.items() if key != "1"
    }


def _music(call: Call) -> str:
    return {"flat": "♭", "b": "♭", "sharp": "♯", "#": "♯", "natural": "♮", "n": "♮"}.get(
        call.get("1").lower(), UNKNOWN
    )


def _century(call: Call) -> str:
    """French `{{s|XVIII|e}}`, `{{XIXe siècle}}`."""
    words = call.words
    return f"{words[0]}{words[1] if len(words) > 1 else 'e'} siècle" if words else UNKNOWN


def _measured(call: Call) -> str:
    """French `{{unité|10|km|2|s|-1}}`: numbers with units and their powers."""
    words = call.words
    if not words:
        return UNKNOWN
    text = numbers.formatnum(call, words[0].replace(" ", "").replace(",", "."))
    for word in words[1:]:
        text += f"^{word}" if word.lstrip("-−").isdecimal() else f" {word}"
    return text


WORDS: dict[str, Render] = {
    **dict.fromkeys(NOTHING, _nothing),
    **dict.fromkeys(FIRST, _first),
    **dict.fromkeys(LAST, _last),
    **dict.fromkeys(SPACED, _spaced),
    **dict.fromkeys(JOINED, _joined),
    **dict.fromkeys(LINKS, _link),
    **dict.fromkeys(SHIPS, _prefixed_ship),
    **{name: _constant(text) for name, text in CONSTANTS.items()},
    **dict.fromkeys(DATES, dates.date),
    **dict.fromkeys(numbers.CURRENCIES, numbers.money),
    **dict.fromkeys(names_in("death_date_and_age death-date_and_age dda"), dates.two_dates),
    **dict.fromkeys(names_in("date old_style_date oldstyledate julian_day"), dates.dated_words),
    **dict.fromkeys(names_in("as_of asof"), dates.as_of),
    **dict.fromkeys(names_in("circa c. ca."), dates.circa),
    "fl.": _before("fl. "),
    "floruit": _before("fl. "),
    "b.": _before("b. "),
    "born": _before("b. "),
    "d.": _before("d. "),
    "reign": lambda call: "r. " + "–".join(call.words),
    "r.": lambda call: "r. " + "–".join(call.words),
    "p.": _before("p. "),
    "pp.": _before("pp. "),
    "vol.": _before("Vol. "),
    "ch.": _before("ch. "),
    "fig.": _before("fig. "),
    **dict.fromkeys(names_in("convert cvt conv convinfobox"), numbers.convert),
    **dict.fromkeys(names_in("height hauteur altezza"), numbers.height),
    **dict.fromkeys(names_in("val sigma nombre_complet ±val"), numbers.val),
    **dict.fromkeys(names_in("e ×10^ scinote esp."), numbers.power_of_ten),
    "10^": lambda call: f"10^{call.get('1')}",
    "sqrt": _root,
    "radic": _root,
    "su": _above_below,
    "subsup": _above_below,
    "pow": lambda call: f"{call.get('1')}^{call.get('2')}" if call.get("2") else UNKNOWN,
    "nth root": _root,
    **dict.fromkeys(names_in("frac sfrac fraction  frac2 tfrac dfrac"), numbers.fraction),
    **dict.fromkeys(names_in("ordinal ord nth"), numbers.ordinal),
    **dict.fromkeys(names_in("coord coor coords koord"), numbers.coordinates),
    **dict.fromkeys(
        names_in("nts  number_table_sorting formatnum number nowrapnum commas formatprice format_price"),
        _first,
    ),
    **dict.fromkeys(names_in("nihongo nihongo_foot nihongo_title nihongo_krt japonais ja_name"), _japanese),
    "nihongo2": _first,
    "nihongo3": _japanese_3,
    "nihongo core": _japanese,
    **dict.fromkeys(names_in("zh zh-full chinese linktext-zh chinois"), _chinese),
    **dict.fromkeys(names_in("korean ko-hhrm ruby-ko"), _named),
    **dict.fromkeys(names_in("ruby ruby-ja ruby-zh-p ruby-zh-b furigana ふりがな 読み仮名 ruby-py"), _first),
    "langx": lambda call: _foreign(call._replace(arguments=_shifted(call.arguments)), call.get("1").lower()),
    **dict.fromkeys(names_in("lang lang1 langr langue_span язык"), _lang),
    **dict.fromkeys(names_in("w wl w2 wp link_text"), _second_or_first),
    **dict.fromkeys(names_in("ship schiff"), _ship),
    **dict.fromkeys(names_in("sclass sclass- sclass2 sclass2- sclass5"), _ship_class),
    **dict.fromkeys(names_in("math bigmath big_math mvar  math2 tmath"), _formula),
    **dict.fromkeys(names_in("simplenuclide simplenuclide2 nuclide nuclide2 isotope"), _nuclide),
    **dict.fromkeys(names_in("chem chem/su chemical_formula"), _chemical),
    **dict.fromkeys(names_in("ipac-en ipac-fr ipac-de ipac-es ipac-pl ipac-it"), _sound),
    **dict.fromkeys(names_in("ipa ipa-all ipa_text api api-fr lautschrift ipalink ipa_link afi"), _phonetic),
    **dict.fromkeys(names_in("respell pronunciation_respelling"), _respelled),
    **dict.fromkeys(names_in("angbr angle_bracket grapheme angbr_ipa2"), _angle),
    **dict.fromkeys(
        names_in("hlist flatlist_items ubl ublist unbulleted_list comma_separated_entries cslist"), _listed
    ),
    **dict.fromkeys(names_in("plainlist flatlist"), _first),
    **dict.fromkeys(names_in("url official_url"), _address),
    **dict.fromkeys(names_in("railgauge track_gauge rail_gauge"), _gauge),
    **dict.fromkeys(names_in("harvtxt harvnb harv harvp harvard_citation_no_brackets harvs"), _source),
    **dict.fromkeys(
        names_in("flag flagcountry flagu flaglist flagg country flag+link flagtext flag2 noflag"), _flag
    ),
    **dict.fromkeys(names_in("music musical_sharp"), _music),
    "sm u-boat": _first,
    "smu": _before("SM U-"),
    "gs": _before("German submarine "),
    "po": _second_or_first,
    '"': _quoted,
    "'": _constant("’"),
    "quote-en": _quoted,
    "qq": _quoted,
    "zitat": _first,
    "inter": _quoted,
    **dict.fromkeys(names_in("inline_quote talk_quote_inline tq1"), _quoted),
}
LANGUAGES: dict[str, dict[str, Render]] = {
    "de": {
        **dict.fromkeys(names_in('zitat zitat-en zitat-fr zitat-la "-de literal'), _first),
        **dict.fromkeys(names_in('"-en "-fr "-la "-es "-it " "-ru'), _quoted),
        "höhe": lambda call: f"{call.get('1')} m",
        "nnbsp": _constant(" "),
        "bibel": _spaced,
        "bibel2": _spaced,
        "os": _first,
        "fi": _first,
        "e": _first,
        "s": _first,
        "lang": _lang,
        "fremd": _lang,
        "sslink": _second_or_first,
    },
    "fr": {
        **dict.fromkeys(
            names_in("citation citation_étrangère citation_bloc formule guil guillemets"), _first
        ),
        **dict.fromkeys(names_in("lien lien_interwiki lienil"), _french_link),
        **dict.fromkeys(names_in("unité unité/2 nombre nb nb_p"), _measured),
        **dict.fromkeys(names_in("s sp siècle s- s2- -s-"), _century),
        **dict.fromkeys(names_in("date date- date_de_naissance date_de_décès"), dates.dated_words),
        "e": lambda call: f"{call.get('1')}e",
        "er": lambda call: f"{call.get('1')}er",
        "re": lambda call: f"{call.get('1')}re",
        "n°": _before("no "),
        "no": _before("no "),
        "numéro": _before("no "),
        "m.": _before("M. "),
        "mme": _before("Mme "),
        "mlle": _before("Mlle "),
        "dr": _before("Dr "),
        "st": _before("Saint-"),
        "ste": _before("Sainte-"),
        "pr": _before("Pr "),
        "tomb": _first,
        "ordre": _first,
        "heure": lambda call: " h ".join(call.words),
        "heures": lambda call: " h ".join(call.words),
        "monarque": _second_or_first,
        "souverain": _second_or_first,
        "souverain-": _second_or_first,
        "page": _before("p. "),
        "p.": _before("p. "),
        "vol.": _before("vol. "),
        "chap.": _before("chap. "),
        "tome": _before("t. "),
        "note": _nothing,
        "langue": _lang,
        "lang": _lang,
        "nobr": _first,
        "vergés": _first,
        "rouge": _first,
        "souligner": _first,
    },
    "ru": {
        **dict.fromkeys(
            names_in("нп нп2 нп3 нп4 нп5 не_переведено не_переведено_2 не_переведено_3 не_переведено_5"),
            _russian_link,
        ),
        **dict.fromkeys(names_in("lang-en2 lang-ru2 iw comment s nobr s2 тн цитата"), _first),
        **dict.fromkeys(names_in("юлианская_дата oldstyledate старый_стиль"), dates.dated_words),
        "s": _first,
        "число": _measured,
        "num": _measured,
        "км": _before("км"),
        "нет аи": _first,
        "не АИ": _nothing,
        "ударение": lambda call: f"{call.get('1')}\u0301",
        "удар": lambda call: f"{call.get('1')}\u0301",
        "'": _constant("\u0301"),
    },
    "uk": {
        **dict.fromkeys(names_in("нп нп5 не_перекладено не_перекладено_2 li"), _russian_link),
        "s": _first,
        "'": _constant("\u0301"),
        "lang": _lang,
        "comment": _first,
        "цитата": _first,
    },
    "es": {
        **dict.fromkeys(names_in("cita citación unidad nowrap enlace_interlingüístico"), _spaced),
        "cita": _first,
        "siglo": lambda call: f"siglo {call.get('1')}",
        "fecha": dates.dated_words,
        "esd": _first,
        "lang": _lang,
        "ac": lambda call: f"{call.get('1')} a. C.",
        "a.c.": _constant("a. C."),
        "dc": lambda call: f"{call.get('1')} d. C.",
        "d.c.": _constant("d. C."),
    },
    "it": {
        "lang": _lang,
        "m": _measured,
        "tutto attaccato": _first,
        "cn": _first,
        "chiarire": _first,
        "citazione": _first,
        "quote": _first,
    },
    "pt": {
        "citação": _first,
        "lang": _lang,
        "fmtn": _measured,
        "nihongo": _japanese,
        "dtlink": dates.dated_words,
        "ac": lambda c: f"{c.get('1')} a.C.",
    },
    "pl": {
        "cytat": _first,
        "fakt": _nothing,
        "j": _nothing,
        "k": _first,
        "w języku": _second,
        "kraj": _first,
        "flaga": _nothing,
        "państwo": _first,
    },
    "nl": {"citaat": _first, "bron?": _nothing, "lang": _lang, "afkorting": _first},
    "sv": {"citat": _first, "lang": _lang, "nowrap": _first, "källa behövs": _nothing},
    "ja": {
        "lang": _lang,
        "仮リンク": _first,
        "読み仮名": _first,
        "ルビ": _first,
        "r": _nothing,
        "補助漢字フォント": _first,
        "要出典範囲": _first,
    },
    "zh": {
        "le": _first,
        "tsl": lambda call: call.get("4", "3", "2") or UNKNOWN,
        "lang": _lang,
        "link-en": _second_or_first,
        "bd": _spaced,
        "cite": _nothing,
    },
    "ar": {
        "وإو": lambda call: call.get("نص", "عر", "تر", "1") or UNKNOWN,
        "اقتباس": _first,
        "شم": _first,
        "فصع": _nothing,
    },
    "fa": {
        "پم": lambda call: call.get("1") or UNKNOWN,
        "به انگلیسی": _first,
        "اقتباس": _first,
        "یاد": _nothing,
    },
    "ko": {
        "llang": _last,
        "lang": _lang,
        "국기나라": _first,
        "국기": _nothing,
        "임시링크": _first,
        "출처": _nothing,
    },
    "ca": {
        "lang": _lang,
        "cita": _first,
        "segle": lambda call: f"segle {call.get('1')}",
        "unitats": _spaced,
        "format num": _measured,
    },
}
LANG_NAME = re.compile(r"lang-[a-z-]{2,12}")
IPA_NAME = re.compile(r"ipa-[a-z-]{2,12}")
NO_TEXT = re.compile(
    r"(?:cite|citation|infobox|navbox|cita|vcite|literatur|internetquelle|ouvrage|article|lien web"
    r"|обзор|книга|статья|публикация"
    r"|commons|wikisource|wiktionary|pp-|use |r from|r to|portal"
    r"|stub|defaultsort|displaytitle)\b|.*[ -](?:stub|icon|sidebar|footer|navbox)$"
)
PREFIXES = re.compile(
    r"(?:template|vorlage|modèle|plantilla|predefinição|шаблон|sjabloon|szablon|mall|safesubst|subst|msg)\s*:\s*"
)
FUNCTION = re.compile(r"(#?[^\W\d]+)\s*:\s*(.*)", re.DOTALL)


def render(call: Call) -> str:
    """The words of a template, nothing where it has none, or UNKNOWN."""
    name = PREFIXES.sub("", call.name)
    call = call._replace(name=name)
    known = LANGUAGES.get(call.wiki.language, {}).get(name) or WORDS.get(name)
    if known:
        return known(call)
    if function := FUNCTION.match(name):
        rendered = _function(function[1], call)
        if rendered is not None:
            return rendered
    if LANG_NAME.fullmatch(name):
        return _foreign(call, name.partition("-")[2])
    if IPA_NAME.fullmatch(name):
        return _phonetic(call)
    return "" if NO_TEXT.match(name) else UNKNOWN


def _function(function: str, call: Call) -> str | None:
    """What a parser function gives; None where the name before the colon is none."""
    given = call.written.partition(":")[2].strip()
    match function:
        case "formatnum":
            return numbers.formatnum(call, given, call.get("1"))
        case "lc" | "lcfirst" | "uc" | "ucfirst":
            whole = function in ("lc", "uc")
            part, rest = (given, "") if whole else (given[:1], given[1:])
            return (part.lower() if function.startswith("lc") else part.upper()) + rest
        case "#if":
            return call.get("1") if given else call.get("2")
        case "#ifeq":
            return call.get("2") if given == call.get("1") else call.get("3")
        case (
            "#tag"
            | "defaultsort"
            | "displaytitle"
            | "noexternallanglinks"
            | "defaultsortkey"
            | "#related"
            | "#seo"
        ):
            return ""
        case (
            "#expr"
            | "#switch"
            | "#ifexpr"
            | "#ifexist"
            | "#invoke"
            | "#time"
            | "#property"
            | "#statements"
            | "plural"
        ):
            return UNKNOWN
    return None

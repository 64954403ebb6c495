"""Maps templates to their words. The meaning of a name in one language comes before its meaning in most languages.

A template that is not here is unknown. Templates without text (references, notices, icons, navigation) are here, too,
since nothing is lost without them.
"""

import re

from massivetext.pipeline.read.wikipedia import dates, numbers, write
from massivetext.pipeline.read.wikipedia.edition_words import LANGUAGES
from massivetext.pipeline.read.wikipedia.template_names import (
    CONSTANTS,
    DATES,
    FIRST,
    JOINED,
    LAST,
    LINKS,
    NOTHING,
    SHIPS,
    SPACED,
    names_in,
)
from massivetext.pipeline.read.wikipedia.templates import UNKNOWN, Call
from massivetext.pipeline.read.wikipedia.write import Render

WORDS: dict[str, Render] = {
    **dict.fromkeys(NOTHING, write.nothing),
    **dict.fromkeys(FIRST, write.first),
    **dict.fromkeys(LAST, write.last),
    **dict.fromkeys(SPACED, write.spaced),
    **dict.fromkeys(JOINED, write.joined),
    **dict.fromkeys(LINKS, write.link),
    **dict.fromkeys(SHIPS, write.prefixed_ship),
    **{name: write.constant(text) for name, text in CONSTANTS.items()},
    **dict.fromkeys(DATES, dates.date),
    **dict.fromkeys(numbers.CURRENCIES, numbers.money),
    **dict.fromkeys(names_in("death_date_and_age death-date_and_age dda"), dates.two_dates),
    **dict.fromkeys(names_in("date old_style_date oldstyledate julian_day"), dates.dated_words),
    **dict.fromkeys(names_in("as_of asof"), dates.as_of),
    **dict.fromkeys(names_in("circa c. ca."), dates.circa),
    "fl.": write.before("fl. "),
    "floruit": write.before("fl. "),
    "b.": write.before("b. "),
    "born": write.before("b. "),
    "d.": write.before("d. "),
    "reign": lambda call: "r. " + "–".join(call.words),
    "r.": lambda call: "r. " + "–".join(call.words),
    "p.": write.before("p. "),
    "pp.": write.before("pp. "),
    "vol.": write.before("Vol. "),
    "ch.": write.before("ch. "),
    "fig.": write.before("fig. "),
    **dict.fromkeys(names_in("convert cvt conv convinfobox"), numbers.convert),
    **dict.fromkeys(names_in("height hauteur altezza"), numbers.height),
    **dict.fromkeys(names_in("val sigma nombre_complet ±val"), numbers.val),
    **dict.fromkeys(names_in("e ×10^ scinote esp."), numbers.power_of_ten),
    "10^": lambda call: f"10^{call.get('1')}",
    "sqrt": write.root,
    "radic": write.root,
    "su": write.above_below,
    "subsup": write.above_below,
    "pow": lambda call: f"{call.get('1')}^{call.get('2')}" if call.get("2") else UNKNOWN,
    "nth root": write.root,
    **dict.fromkeys(names_in("frac sfrac fraction  frac2 tfrac dfrac"), numbers.fraction),
    **dict.fromkeys(names_in("ordinal ord nth"), numbers.ordinal),
    **dict.fromkeys(names_in("coord coor coords koord"), numbers.coordinates),
    **dict.fromkeys(
        names_in("nts  number_table_sorting formatnum number nowrapnum commas formatprice format_price"),
        write.first,
    ),
    **dict.fromkeys(
        names_in("nihongo nihongo_foot nihongo_title nihongo_krt japonais ja_name"), write.japanese
    ),
    "nihongo2": write.first,
    "nihongo3": write.japanese_3,
    "nihongo core": write.japanese,
    **dict.fromkeys(names_in("zh zh-full chinese linktext-zh chinois"), write.chinese),
    **dict.fromkeys(names_in("korean ko-hhrm ruby-ko"), write.named),
    **dict.fromkeys(
        names_in("ruby ruby-ja ruby-zh-p ruby-zh-b furigana ふりがな 読み仮名 ruby-py"), write.first
    ),
    "langx": lambda call: write.foreign(
        call._replace(arguments=write.shifted(call.arguments)), call.get("1").lower()
    ),
    **dict.fromkeys(names_in("lang lang1 langr langue_span язык"), write.lang),
    **dict.fromkeys(names_in("w wl w2 wp link_text"), write.second_or_first),
    **dict.fromkeys(names_in("ship schiff"), write.ship),
    **dict.fromkeys(names_in("sclass sclass- sclass2 sclass2- sclass5"), write.ship_class),
    **dict.fromkeys(names_in("math bigmath big_math mvar  math2 tmath"), write.mathematics),
    **dict.fromkeys(names_in("simplenuclide simplenuclide2 nuclide nuclide2 isotope"), write.nuclide),
    **dict.fromkeys(names_in("chem chem/su chemical_formula"), write.chemical),
    **dict.fromkeys(names_in("ipac-en ipac-fr ipac-de ipac-es ipac-pl ipac-it"), write.sound),
    **dict.fromkeys(
        names_in("ipa ipa-all ipa_text api api-fr lautschrift ipalink ipa_link afi"), write.phonetic
    ),
    **dict.fromkeys(names_in("respell pronunciation_respelling"), write.respelled),
    **dict.fromkeys(names_in("angbr angle_bracket grapheme angbr_ipa2"), write.angle),
    **dict.fromkeys(
        names_in("hlist flatlist_items ubl ublist unbulleted_list comma_separated_entries cslist"),
        write.listed,
    ),
    **dict.fromkeys(names_in("plainlist flatlist"), write.first),
    **dict.fromkeys(names_in("url official_url"), write.address),
    **dict.fromkeys(names_in("railgauge track_gauge rail_gauge"), write.gauge),
    **dict.fromkeys(names_in("harvtxt harvnb harv harvp harvard_citation_no_brackets harvs"), write.source),
    **dict.fromkeys(
        names_in("flag flagcountry flagu flaglist flagg country flag+link flagtext flag2 noflag"), write.flag
    ),
    **dict.fromkeys(names_in("music musical_sharp"), write.music),
    "sm u-boat": write.first,
    "smu": write.before("SM U-"),
    "gs": write.before("German submarine "),
    "po": write.second_or_first,
    '"': write.quoted,
    "'": write.constant("’"),
    "quote-en": write.quoted,
    "qq": write.quoted,
    "zitat": write.first,
    "inter": write.quoted,
    **dict.fromkeys(names_in("inline_quote talk_quote_inline tq1"), write.quoted),
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
    """Returns the words of a template, "" if it has none, or UNKNOWN."""
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
        return write.foreign(call, name.partition("-")[2])
    if IPA_NAME.fullmatch(name):
        return write.phonetic(call)
    return "" if NO_TEXT.match(name) else UNKNOWN


def _function(function: str, call: Call) -> str | None:
    """Returns the result of a parser function; None if the name before the colon is not that of one."""
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

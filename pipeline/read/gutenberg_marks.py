"""The marks of Project Gutenberg: lines that begin, end and describe its books.

They are in English and in the languages into which volunteers have translated them: German, French, Spanish,
Portuguese, Italian, Dutch, Finnish and Chinese.
"""

import re

NAME = (
    r"(?:pro[jy]e[ckt]{1,2}o?|progetto) gutenberg|gutenberg[ -](?:pro[jy]e[ckt]{1,2}o?|hank)"
    r"|[古谷][登騰腾][堡伯](?:[计計][划劃]|工程|專案|项目)"
)
START_WORDS = (
    r"start|begin+|beginning|anfang|d[ée]but|inicio|início|comienzo|começo|inizio|alku|alkaa|開始|开始"
)
END_WORDS = r"end|ende|fin|final|fim|fine|einde|slot|loppu|loppuu|päättyy|結束|结束|終|终"
TITLE_WORDS = r"title|titel|titre|t[íi]tulo|titolo|nimeke|teoksen nimi|[書书題题]名|[標标][題题]"
AUTHOR_WORDS = r"author|autor(?:in|a|e)?|verfasser|auteur|tekijä|schrijver|作者|著者"
FIELD_WORDS = (
    r"editor|translator|illustrator|release date|posting date|last updated|language|edition|character set encoding"
    r"|credits|original publication|other information|sprache|langue|idioma|lingua|kieli|taal|語言|语言"
)

MENTION = re.compile(NAME, re.IGNORECASE)
_NAMED = rf"^[ \t]*\*{{3,}}(?=[^*\n]{{0,200}}(?:{NAME}))"
STARRED = re.compile(
    rf"{_NAMED}(?P<said>[^*\n]{{0,400}}(?:\n[^*\n]{{1,200}}){{0,3}})\*{{3,}}[^\n]*$|{_NAMED}(?P<line>[^*\n]{{0,400}})$",
    re.IGNORECASE | re.MULTILINE,
)
"""`*** START OF THE PROJECT GUTENBERG EBOOK X ***`, also over some lines, and without the last stars."""

STARTS = re.compile(rf"\s*(?:{START_WORDS})(?![a-z])|.*(?:{START_WORDS})\s*$", re.IGNORECASE | re.DOTALL)
ENDS = re.compile(rf"\s*(?:{END_WORDS})(?![a-z])|.*(?:{END_WORDS})\s*$", re.IGNORECASE | re.DOTALL)
"""What is said between the stars; the word stands first, or last."""

END_LINE = re.compile(
    rf"^[ \t*]*(?:(?:this is the )?(?:{END_WORDS})(?![a-z])[^\n]{{0,40}}?(?:{NAME})[^\n]*(?:\n(?!\s*\n)[^\n]+){{0,3}}"
    rf"|(?:{NAME})[^\n]{{0,200}} ?(?:loppu|loppuu|päättyy|結束|结束|終|终)[ .。*]*)$",
    re.IGNORECASE | re.MULTILINE,
)
"""`End of Project Gutenberg's X, by Y`: a paragraph without stars."""

SMALL_PRINT = re.compile(r"^[^\n]*\*(START|END)[* ]*THE SMALL PRINT[^\n]*$", re.IGNORECASE | re.MULTILINE)
"""The first and the last line of the legal notice of 1991 to 2003."""

HEADER = re.compile(
    rf"[^\n]{{0,60}}(?:{NAME})|copyright laws are changing|please take a look at|this header should be|\*\*welcome to"
    r"|\*{2,}(?:these )?e-?(?:text|book)s|information on contacting"
    r"|this e-?(?:text|book) is (?:for the use|in the public)"
    rf"|(?:{TITLE_WORDS}|{AUTHOR_WORDS}|{FIELD_WORDS})\s*[:：]",
    re.IGNORECASE,
)
"""How a paragraph of a header begins; some headers end without a mark."""

CREDIT = re.compile(
    r"(?:This (?:e-?text|e-?book|file) was )?(?:produced|transcribed|scanned|prepared|created) by"
    r"|(?:e-?text|e-?book|html version|updated editions?) (?:was )?(?:prepared|produced|transcribed|scanned)"
    r"|produced from (?:images|page)|\[?transcriber's note",
    re.IGNORECASE,
)
TITLE = re.compile(
    rf"^(?:{TITLE_WORDS})[ \t]*[:：][ \t]*(\S.*(?:\n[ \t]+\S.*)*)$", re.MULTILINE | re.IGNORECASE
)
AUTHOR = re.compile(rf"^(?:{AUTHOR_WORDS})[ \t]*[:：][ \t]*(\S.*)$", re.MULTILINE | re.IGNORECASE)
OLD_TITLE = re.compile(
    rf"(?:{NAME})(?:'s)? (?:e-?text|e-?book)(?: of|,| von| de| di| van)? (.{{1,400}})$",
    re.IGNORECASE | re.MULTILINE,
)
BY = re.compile(r",? by (?=.)", re.IGNORECASE)

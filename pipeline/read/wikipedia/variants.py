"""Chooses one variant of words in languages with several ways of writing: `-{zh-cn:信息;zh-tw:資訊}-`."""

import re

LANGUAGES = frozenset("zh sr kk ku tg uz iu gan shi crh sh ban wuu".split())  # noqa: SIM905
PREFERRED = ("zh-hans", "zh-cn", "sr-ec", "sr-cyrl", "kk-cyrl", "ku-latn", "tg-cyrl", "uz-latn", "gan-hans")
CONVERSION = re.compile(r"-\{(?![{|])((?:(?!-\{|\}-).){0,4000})\}-", re.DOTALL)
FLAGS = re.compile(
    r"\s*([A-Z+\-](?:\s*;\s*[A-Za-z+-]+)*|[a-z]{2,3}(?:-[a-z]+)?(?:\s*;\s*[a-z]{2,3}(?:-[a-z]+)?)*)?\s*\|"
)
RULE = re.compile(r"(?:\A|;)\s*(?:[^;:|]{0,60}=>\s*)?([a-z]{2,3}(?:-[a-z]{2,4})?)\s*:")
HIDDEN = frozenset("TH-D")  # flags: of the title, hidden, removed, described
DEPTH = 5


def choose(wikitext: str, language: str) -> str:
    """Returns the text with one variant in place of each conversion, the same one throughout."""
    if language not in LANGUAGES or "-{" not in wikitext:
        return wikitext
    for _ in range(DEPTH):  # conversions may nest
        wikitext, count = CONVERSION.subn(_chosen, wikitext)
        if not count:
            break
    return wikitext


def _chosen(conversion: re.Match[str]) -> str:
    content = conversion[1]
    flags = FLAGS.match(content)
    if flags:
        content = content[flags.end() :]
        if HIDDEN & set((flags[1] or "").split(";")[0]):
            return ""
    rules = list(RULE.finditer(content))
    if not rules or content[: rules[0].start()].strip():
        return content
    ends = [rule.start() for rule in rules[1:]] + [len(content)]
    variants = {
        rule[1]: content[rule.end() : end].strip().rstrip(";").strip()
        for rule, end in zip(rules, ends, strict=True)
    }
    return next((variants[name] for name in PREFERRED if name in variants), next(iter(variants.values())))

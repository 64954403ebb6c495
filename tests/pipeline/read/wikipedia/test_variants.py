import pytest

from massivetext.pipeline.read.wikipedia.variants import choose


@pytest.mark.parametrize(
    ("wikitext", "expected"),
    [
        ("-{zh-cn:信息; zh-tw:資訊;}-是", "信息是"),
        ("-{zh-tw:資訊;zh-hans:信息}-", "信息"),
        ("-{zh-tw:資訊}-", "資訊"),
        ("-{原文}-不变", "原文不变"),
        ("-{T|zh-cn:a;zh-tw:b}-。", "。"),
        ("-{H|zh-cn:a;zh-tw:b}-。", "。"),
        ("-{A|zh-cn:博客;zh-tw:部落格}-", "博客"),
        ("-{R|原文}-", "原文"),
        ("-{zh;zh-hans;zh-hant|原文}-", "原文"),
        ("-{zh-hans:外-{原}-;zh-hant:內}-", "外原"),
        ("-{巨集=>zh-cn:宏; zh-tw:巨集}-", "宏"),
        ("x-{ y", "x-{ y"),
        ("-{{{a}}}- -{|", "-{{{a}}}- -{|"),
    ],
)
def test_one_variant_stays(wikitext: str, expected: str) -> None:
    assert choose(wikitext, "zh") == expected


def test_other_languages_have_no_variants() -> None:
    assert choose("-{zh-cn:a}-", "en") == "-{zh-cn:a}-"
    assert choose("-{sr-el:reč;sr-ec:реч}-", "sr") == "реч"


@pytest.mark.parametrize("unit", ["-{", "-{a", "}-", "-{zh-cn:a;", "-{a}-"])
def test_linear_time(unit: str) -> None:
    assert len(choose(unit * (100_000 // len(unit)), "zh")) <= 100_000

"""One text has the same terms in every way that Unicode can write it."""

import unicodedata

import pytest

from massivetext.filters.similarity.fold import END, folded
from massivetext.filters.similarity.terms import terms_of

TEXTS = {
    "French": "L'évêque a mangé où, déjà? Œuvre naïve.",
    "Vietnamese": "Tất cả mọi người sinh ra đều được tự do",
    "Polish, Turkish, Latvian": "Zażółć gęślą jaźń. İstanbul'da ığdır. Ņemot vērā",
    "Greek": "Ὅλοι οἱ ἄνθρωποι γεννιοῦνται ἐλεύθεροι",
    "Russian": "Все люди рождаются свободными, ёлка и йод",
    "Korean": "모든 인간은 태어날 때부터 자유로우며",
    "Japanese": "すべての人間は、生まれながらにして自由であり、ガギグゲゴ",
    "Hindi": "सभी मनुष्यों को गौरव और अधिकारों के मामले में क़ानून ज़मीन",
    "Hebrew": "כל בני האדם נולדו בני חורין שָׁלוֹם",
    "Arabic": "يولد جميع الناس أحراراً متساوين في الكرامة والحقوق",
    "Thai": "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ น้ำ",
    "Tibetan": "འགྲོ་བ་མིའི་རིགས་རྒྱུད་ཡོངས་ལ",
}


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize("language", TEXTS)
def test_every_normal_form_has_the_same_terms(language: str, form: str) -> None:
    text = TEXTS[language]
    assert terms_of(unicodedata.normalize(form, text)).tolist() == terms_of(text).tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ｗｈｉｃｈ １２ ｏｆ", "which 12 of"),
        ("the ﬁrst oﬃcial ﬂoor", "the first official floor"),
        ("𝐱 and 𝒚", "x and y"),
        ("٣ كتب و ۱۲", "3 كتب و 12"),
        ("يُولَدُ جَمِيعُ النَّاسِ", "يولد جميع الناس"),
        ("الســـــلام", "السلام"),
        ("\u2067\u202bwhich\u202c\u2069 wo\u200drds so\u00adft", "which words soft"),
        ("ｶﾞｷﾞ", "ガギ"),
        ("café resumé", "cafe resume"),
    ],
    ids=[
        "full width",
        "ligatures",
        "mathematics",
        "digits",
        "vowels",
        "longer",
        "unseen",
        "half width",
        "accents",
    ],
)
def test_ways_to_write_the_same(one: str, other: str) -> None:
    assert terms_of(one).tolist() == terms_of(other).tolist()


def test_letters_that_differ_stay_apart() -> None:
    for one, other in (("को", "के"), ("น้ำ", "นำ"), ("дом", "дым"), ("ßa", "sa"), ("½", "12"), ("か", "き")):
        assert terms_of(one).tolist() != terms_of(other).tolist()


def test_no_word_is_split_or_joined_by_folding() -> None:
    for point in range(0x80, END):
        for each in folded(point):
            if each != point:
                assert unicodedata.category(chr(each))[0] in "LNM"

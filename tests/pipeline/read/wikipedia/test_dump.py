import bz2
import gzip
import io
import re
from collections.abc import Callable

import pytest

from massivetext.pipeline.read.record import Failure, Found, Input, Record, Skipped
from massivetext.pipeline.read.settings import Limits
from massivetext.pipeline.read.wikipedia import dump as wikipedia
from massivetext.pipeline.read.wikipedia import wikitext
from massivetext.pipeline.read.wikipedia.dump import read
from massivetext.pipeline.read.wikipedia.wiki import Wiki
from tests.paths import SHARED

WIKI = SHARED / "wiki"
SITE = """<siteinfo><sitename>W</sitename><base>https://de.wiki.example/wiki/Hauptseite</base>
<namespaces>
<namespace key="-2">Medium</namespace>
<namespace key="6">Datei</namespace><namespace key="14">Kategorie</namespace>
</namespaces></siteinfo>"""


def page(title: str, text: str, number: int = 7, namespace: int = 0, extra: str = "") -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f"<page><title>{title}</title><ns>{namespace}</ns><id>{number}</id>{extra}<revision><id>99</id>"
        f"<contributor><id>5</id></contributor><model>wikitext</model><text>{escaped}</text></revision></page>"
    )


def dump(*pages: str, site: str = SITE) -> bytes:
    root = 'mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" xml:lang="de"'
    return f"<{root}>{site}{''.join(pages)}</mediawiki>".encode()


def everything(content: bytes, limits: Limits = Limits()) -> list[Found]:  # noqa: B008
    return list(read(Input("x", io.BytesIO(content), limits)))


def documents(content: bytes, limits: Limits = Limits()) -> list[Record | Failure]:  # noqa: B008
    return [each for each in everything(content, limits) if not isinstance(each, Skipped)]


def text(source: str) -> str:
    return wikitext.extract(source, Wiki("en", frozenset({"file", "category", "datei"}))).text


@pytest.mark.parametrize("compress", [bytes, bz2.compress, gzip.compress])
def test_articles(compress: Callable[[bytes], bytes]) -> None:
    found = documents(
        compress(
            dump(
                page("Äpfel & Öl?".replace("&", "&amp;"), "Ein [[Apfel]].", 12),
                page("Diskussion:A", "Nein", 13, namespace=1),
                page("Umleitung", "#REDIRECT [[A]]", 14, extra='<redirect title="A"/>'),
                page("B", "Noch '''einer'''.[[Datei:x.jpg|mini|Bild]][[Kategorie:K]]", 15),
            )
        )
    )
    assert found == [
        Record(
            12,
            "Ein Apfel.",
            "https://de.wiki.example/wiki/%C3%84pfel_%26_%C3%96l%3F",
            "Äpfel & Öl?",
            sentences_left_out=0,
        ),
        Record(15, "Noch einer.", "https://de.wiki.example/wiki/B", "B", sentences_left_out=0),
    ]


def test_utf16() -> None:
    content = dump(page("Ä", "Ö")).decode().encode("utf-16")
    assert [each[:2] for each in documents(content)] == [(7, "Ö")]


def test_what_is_no_article_is_skipped_and_counted() -> None:
    pages = {
        "content model other than wikitext": page("S", "a {}").replace("wikitext", "sanitized-css"),
        "no text but templates, tables and the like": page("E", "{{Vorlage}}"),
        "namespace -1": page("N", "a", namespace=-1),
        "namespace 4": page("N", "a", namespace=4),
        "namespace without a number": page("N", "a").replace("<ns>0", "<ns>made up"),
        "redirect": page("R", "#REDIRECT [[A]]", extra='<redirect title="A"/>'),
    }
    found = everything(dump(*pages.values()))
    assert [each[0] for each in found] == list(pages)
    assert found[1] == Skipped("no text but templates, tables and the like", 11)


def test_the_last_revision_counts() -> None:
    twice = page("A", "old").replace("</page>", "<revision><text>new</text></revision></page>")
    assert [each[1] for each in documents(dump(twice))] == ["new"]


def test_a_dump_without_site_information() -> None:
    assert documents(dump(page("A", "b"), site="")) == [Record(7, "b", None, "A", sentences_left_out=0)]


def test_documents_are_told_apart_by_their_ids() -> None:
    found = documents(
        dump(page("A", "a", 3), page("B", "b", 2), page("C", "c", 3), page("D", "d").replace("7", ""))
    )
    assert [each.offset for each in found if isinstance(each, Record)] == [3, 2]
    assert found[2:] == [
        Failure(3, "C: another article has its id, by which documents are told apart", 1),
        Failure(3, "D: '' is no page's id, by which documents are told apart", 1),
    ]


def test_ids_that_lie_far_apart_end_the_dump(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wikipedia, "SPANS", 2)
    *records, failure = documents(dump(*(page("A", "a", 10_000 * number) for number in range(4))))
    assert [each.offset for each in records] == [0, 10_000]
    assert failure == Failure(
        20_000,
        "dump unreadable after the page of this id: the ids of its pages lie too far apart to be told apart",
    )


def test_truncated_dumps_keep_the_pages_before() -> None:
    whole = dump(page("A", "a", 1), page("B", "b", 2), page("C", "c " * 500, 3))
    first, second, failure = documents(whole[:-300])
    assert (first[1], second[1]) == ("a", "b")
    assert isinstance(failure, Failure)
    assert failure.offset == 2


def test_truncated_compressed_dumps_keep_the_pages_before() -> None:
    noise = "".join(f"{i * 7919 % 10007} " for i in range(5000))
    whole = bz2.compress(dump(*(page(f"P{i}", f"{i} {noise}", i) for i in range(30))), 1)
    found = documents(whole[: len(whole) // 2])
    assert all(isinstance(each, Record) for each in found[:-1])
    assert len(found) > 3
    assert isinstance(found[-1], Failure)


def test_malformed_dumps_keep_the_pages_before() -> None:
    content = dump(page("A", "a"), "<page><title>B</wrong></page>", page("C", "c"))
    first, failure = documents(content)
    assert first[1] == "a"
    assert isinstance(failure, Failure)


def test_pages_over_the_limit_are_failures_and_reading_goes_on() -> None:
    failure, record = documents(
        dump(page("A", "ä" * 501, 1), page("B", "ä" * 500, 2)), Limits(record_bytes=1000)
    )
    assert failure == Failure(1, "A: 1002 bytes, over the limit of 1000", 1002)
    assert isinstance(record, Record)


def test_texts_of_more_than_ten_megabytes_do_not_end_the_dump() -> None:
    """libxml2's own limit for a text is 10 MB."""
    failure, record = documents(dump(page("A", "a" * 11_000_000, 1), page("B", "b", 2)))
    assert isinstance(failure, Failure)
    assert isinstance(record, Record)


@pytest.mark.parametrize(
    "prologue",
    [
        '<!DOCTYPE mediawiki [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE mediawiki SYSTEM "http://nowhere.example/x.dtd">',
        "<!--" + "x" * 70_000 + '--><!DOCTYPE mediawiki [<!ENTITY b "lol">]>',
    ],
)
def test_document_types_are_refused(prologue: str) -> None:
    (failure,) = documents(prologue.encode() + dump(page("A", "x")))
    assert isinstance(failure, Failure)


@pytest.mark.parametrize(
    "content", [b"", b"<html></html>", b"plain", b'{"a": 1}', bytes(1000), gzip.compress(b"", mtime=0)]
)
def test_other_files_are_one_failure(content: bytes) -> None:
    (failure,) = documents(content)
    assert isinstance(failure, Failure)
    assert "not a MediaWiki XML dump" in failure.error


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a\n\nb", "a\n\nb"),
        ("'''A''' is ''b'' and [[c d|e]], [[f]]s.", "A is b and e, fs."),
        ("a<!-- b -->c", "ac"),
        ("a<ref>b</ref>c<ref name=x />d<ref name='x'>{{e|\n}}</ref>", "acd"),
        ("{{Infobox|a={{b|c}}|d=[[e]]}}\nText", "Text"),
        ("{{a|\n{|\n|x\n|}\n}}Text", "Text"),
        ("{{{a|b}}}Text", "bText"),
        ("a\n{| class=x\n! b\n|-\n| {{c|}}\n{|\n| d\n|}\n|}\ne", "a\n\ne"),
        ("<table><tr><td>a</td></tr></table>b", "b"),
        ("<gallery>\nFile:a.jpg|b\n</gallery>c", "c"),
        ("x <math>{{\\frac a b}}</math> y", "x \\({{\\frac a b}}\\) y"),
        ("[[File:a.jpg|thumb|A [[b]] c.]]d", "d"),
        ("[[File:a.jpg|thumb|A\n\n[[b]] c.\n]]\nd", "d"),
        ("[[a|{{b}}c]] [[d]", "c d]"),
        ("''a", "a"),
        ("[[:File:a.jpg]]", "File:a.jpg"),
        ("[[Category:A]]\n[[fr:B]]\nc", "c"),
        ("== A ==\nb\n=== C ===\n== D ==\ne", "A\n\nb\n\nD\n\ne"),
        ("a\n== Empty ==\n{{b}}", "a"),
        ("* a\n** b\n# c\n:d\n;e", "• a\n• b\n• c\nd\ne"),
        ("a [http://b.example c] d [http://e.example] http://f.example", "a c d http://f.example"),
        ("a&nbsp;b &amp; c &lt;d&gt; &#x41;", "a b & c <d> A"),
        ("&#xD800; &#0; &#x110000; &x;", "&#xD800; &#0; &#x110000; &x;"),
        ("a &#1; &#2;0&#3; b\2" + "0\3 c\1", "a &#1; &#2;0&#3; b0 c"),
        ("a<br/>b<small>c</small>", "a\nbc"),
        ("<nowiki>[[a]] {{b}}</nowiki> c", "[[a]] {{b}} c"),
        ("A ({{lang|x}}; born 1950) b ({{c}}).", "A (born 1950) b."),
        ("__NOTOC__\na", "a"),
        ("a {{b", "a b"),
        ("a }} b", "a b"),
        ("a <ref>b", "a b"),
        ("a < b", "a < b"),
        ("", ""),
    ],
)
def test_wikitext(source: str, expected: str) -> None:
    assert text(source) == expected


@pytest.mark.parametrize(
    "unit",
    [
        *("{{", "{{a|b=", "{|\n|-\n|a\n", "<ref>", "<ref ", '<b a="', "<!--", "<nowiki>", "[[a|"),
        *(
            "[[File:a|[[b]]",
            "[http://a ",
            "''a'''b",
            "}}",
            "\n|}",
            "=",
            "( , ",
            "\n* a",
            "{{{a|",
            "<div>",
            "{{\n|}",
        ),
    ],
)
def test_adversarial_wikitext_ends(unit: str) -> None:
    """What takes quadratic time would take many minutes: mwparserfromhell alone takes 14 s for 20 kB."""
    assert "ende" in text(unit * (40_000 // len(unit)) + "\n\nende")


@pytest.mark.skipif(not WIKI.exists(), reason="../shared/data/wiki is not there")
def test_real_dumps() -> None:
    counts = {}
    for path in sorted(WIKI.iterdir()):
        with path.open("rb") as stream:
            found = [each for each in read(Input(path.name, stream)) if not isinstance(each, Skipped)]
        articles = [each for each in found if isinstance(each, Record)]
        assert len(articles) == len(found)
        texts = (
            re.sub(r"\\\(.*?\\\)|\$\$.*?\$\$", "", each.text) for each in articles
        )  # formulas hold braces
        assert not any(re.search(r"\{\{|\}\}|\[\[|\]\]|\{\||<ref|[\0-\x08]", each) for each in texts)
        counts[path.name[:8]] = len(found)
    assert counts == {"bgwiki-l": 1, "enwiki-l": 106, "enwiki-t": 5}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("A {{convert|100|nmi|km|0}} orbit.", "A 100 nmi orbit."),
        ("{{Cvt|60|to|170|nmi}} high", "60 to 170 nmi high"),
        ("Written {{lang|he|[[El (deity)|אלהא]]}} ({{transl|ar|DIN|ilāh}}).", "Written אלהא (ilāh)."),
        ("from {{lang-la|gloria|lit=glory}}", "from Latin: gloria, lit. 'glory'"),
        ("{{as of|2013|6|8}}, 532 people", "As of 8 June 2013, 532 people"),
        ("{{Quote|The Moon is grey.|Lovell}}", "The Moon is grey."),
        ("{{quote|text=It is x=y.}}", "It is x=y."),
        (
            "in {{circa|1900}} {{frac|1|2}} of {{abbr|U.S.|United States}} {{nowrap|10 kg}}",
            "in c. 1900 1/2 of U.S. 10 kg",
        ),
        ("An {{infobox|x=1}}end{{citation needed|date=May}}.", "An end."),
        ("{{lang}} {{convert|}} {{as of|}} x", "As of x"),
        ("{{convert|{{x}}|km}} y", ""),
    ],
)
def test_templates_that_stand_for_words(source: str, expected: str) -> None:
    assert text(source) == expected

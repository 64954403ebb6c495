import pytest

from massivetext.pipeline.read.wikipedia.opaque import Taken
from massivetext.pipeline.read.wikipedia.templates import Call, expand
from massivetext.pipeline.read.wikipedia.wiki import Wiki


def shown(call: Call) -> str:
    arguments = ";".join(f"{key}={value}" for key, value in sorted(call.arguments.items()))
    return f"<{call.name}:{arguments}>"


@pytest.mark.parametrize(
    ("wikitext", "expected"),
    [
        ("a {{b}} c", "a <b:> c"),
        ("{{ A_b |x| y =z}}", "<a b:1=x;y=z>"),
        ("{{a|{{b|c}}|d}}", "<a:1=<b:1=c>;2=d>"),
        ("{{a|{{b|c=d}}|e={{f}}}}", "<a:1=<b:c=d>;e=<f:>>"),
        ("{{a|[[b|c=d]]|e}}", "<a:1=[[b|c=d]];2=e>"),
        ("{{a|b=c=d}}", "<a:b=c=d>"),
        ("[[a|b]] | c", "[[a|b]] | c"),
        ("{{{a|b}}} {{{c}}}", "b "),
        ("{{{!}} x {{!}}}", "{<!:> x <!:>}"),
        ("{{{{{a|b}}}|c}}", "<b:1=c>"),
        ("{{a", "{{a"),
        ("{{a|b [[c", "{{a|b [[c"),
        ("a}} b]]", "a}} b]]"),
        ("{{a|[[b}} c", "<a:1=[[b> c"),
        ("[[a|{{b]] c", "[[a|{{b]] c"),
        ("{{a|{{b}} c", "{{a|<b:> c"),
        ("{{a|1=x|2=y}}", "<a:1=x;2=y>"),
        ("{ {a} } {b}", "{ {a} } {b}"),
    ],
)
def test_templates_are_read_from_the_inside_out(wikitext: str, expected: str) -> None:
    assert expand(wikitext, Wiki(), Taken(), shown) == expected


@pytest.mark.parametrize("unit", ["{{a|", "[[a|", "{{a|[[", "}}", "]]", "{{{a|", "|", "{{a|b=", "[[a]]{{"])
def test_linear_time(unit: str) -> None:
    """What takes quadratic time would take minutes."""
    wikitext = unit * (100_000 // len(unit))
    closers = "}}" * 30_000 + "]]" * 30_000
    assert len(expand(wikitext + closers, Wiki(), Taken(), lambda _: "x")) <= len(wikitext + closers)


def test_what_stands_deeper_than_forty_is_dropped() -> None:
    assert expand("{{a|" * 39 + "b" + "}}" * 39, Wiki(), Taken(), lambda call: call.get("1")) == "b"
    assert expand("{{a|" * 60 + "b" + "}}" * 60, Wiki(), Taken(), lambda call: call.get("1")) == ""

import pytest

from massivetext.pipeline.read.wikipedia import wikitext
from massivetext.pipeline.read.wikipedia.wiki import of

ENGLISH = [
    ("{{convert|5|ft|11|in|m|2|abbr=on}} tall", "5 ft 11 in tall"),
    ("{{convert|7|by|9|by|11|m|ft}}", "7 by 9 by 11 m"),
    ("{{convert|3|-|5|km2}}", "3–5 km²"),
    ("{{convert|100|km|mi|0}}", "100 km"),
    ("{{convert|20|C|F}}", "20 °C"),
    ("{{convert|10|st|7|lb}}", "10 st 7 lb"),
    ("a {{convert|3|mile|adj=on}} run", "a 3-mile run"),
    ("{{height|ft=5|in=11}}", "5 ft 11 in"),
    ("{{val|1.23|0.05|e=6|u=km}}", "1.23 ± 0.05 × 10^6 km"),
    ("{{val|5|+1|-2}}", "5 (+1 −2)"),
    ("{{formatnum:1234567.5}} {{formatnum:1,234|R}} {{formatnum:-10}}", "1,234,567.5 1234 -10"),
    ("{{frac|1|2}} {{frac|3|1|4}} {{sfrac|4}}", "1/2 3 1/4 1/4"),
    ("{{ordinal|3}} {{ordinal|11}} {{ordinal|22}}", "3rd 11th 22nd"),
    (
        "{{coord|51|30|N|0|7|W}} {{coord|51.5|-0.1}} {{coord|1|N|2|E|display=title}}",
        "51°30′N 0°7′W 51.5°N 0.1°W",
    ),
    ("{{USD|500}} {{INRConvert|5|c}} {{£|3}}", "US$500 ₹5 crore £3"),
    ("{{start date|1805|10|21}}; {{birth date and age|df=yes|1950|1|2}}", "October 21, 1805; 2 January 1950"),
    ("{{death date and age|2001|5|3|1950|1|2}}", "May 3, 2001"),
    ("{{as of|2013|6|8}}, {{as of|2010|lc=y}}", "As of 8 June 2013, as of 2010"),
    ("{{circa|1900|1910}} {{fl.|1850}} {{reign|1500|1520}}", "c. 1900 – c. 1910 fl. 1850 r. 1500–1520"),
    ("{{nihongo|Mill|水車|Suisha}} {{nihongo||水車|Suisha}}", "Mill (水車, Suisha) 水車 (Suisha)"),
    ("{{nihongo3|Mill|水車|Suisha}}", "Suisha (水車, Mill)"),
    ("{{lang-ru|Москва|Moskva}}", "Russian: Москва, romanized: Moskva"),
    ("{{langx|de|Mühle|lit=mill}} {{lang|fr|moulin}}", "German: Mühle, lit. 'mill' moulin"),
    ("{{ill|Jean Dupont|fr}} {{ill|a|de|b|lt=the label}}", "Jean Dupont the label"),
    (
        "{{ship|HMS|Victory}} {{USS|Iowa|BB-61}} {{USS|Iowa|BB-61|2}} {{RMS|Titanic}}",
        "HMS Victory USS Iowa (BB-61) Iowa RMS Titanic",
    ),
    ("{{sclass|Kongō|battlecruiser}}", "Kongō-class battlecruiser"),
    ("{{chem|H|2|O}} {{chem2|H2SO4}} {{ce|CO2}} {{simplenuclide|carbon|14}}", "H2O H2SO4 CO2 carbon-14"),
    ("{{math|''E'' {{=}} ''mc''<sup>2</sup>}} {{mvar|x}}", r"\(E = mc^{2}\) \(x\)"),
    (
        "{{IPAc-en|ˈ|æ|l|b|ɪ|d|oʊ}} {{IPA|/a/}} {{IPA-de|ˈmyːlə}} {{respell|AL|bid|oh}}",
        "/ˈælbɪdoʊ/ /a/ [ˈmyːlə] AL-bid-oh",
    ),
    ("a{{snd}}b{{nbsp}}c {{'}}Neath {{·}} d{{'s}}", "a – b c ’Neath · d’s"),
    ("{{harvtxt|Smith|2000}}, {{harvnb|Smith|Jones|2000|p=3}}", "Smith (2000), Smith & Jones 2000"),
    (
        "{{sic|peple}} {{abbr|U.S.|United States}} {{nowrap|1=a = b}} {{font color|red|text}}",
        "peple U.S. a = b text",
    ),
    ("{{nowrap|{{convert|1|km}} {{lang|fr|été}}}}", "1 km été"),
    (
        "{{#if:x|yes it is|no}} {{#if:|a|b}} {{lc:ABC}} {{ucfirst:abc}} {{#ifeq:a|a|same|other}}",
        "yes it is b abc Abc same",
    ),
    ("A{{cn|date=May}} b{{efn|note}}{{sfn|Smith|2000}}.{{rp|12}}", "A b."),
    ("{{template:Nowrap|a}}", "a"),
    ("{{hlist|a|b|c}}; {{url|example.org|label}}", "a, b, c; label"),
    ("The {{math|a + {{made up}}}} is it. It stands.", "It stands."),
    ("{{ship|}} {{ship}} {{HMS}} {{convert}} {{convert|5|to}} {{val}} {{frac}} {{coord}} {{nihongo}}x", ""),
    ("The {{made up|thing}} is old. It stands.", "It stands."),
]
EDITIONS = [
    ("sv", "är {{formatnum:1234567}} och {{formatnum:3,5}}", "är 1 234 567 och 3,5"),
    ("de", '{{formatnum:1234.5}} und {{"|Zitat}}, {{Höhe|1234|DE-NN}}', "1.234,5 und „Zitat“, 1234 m"),
    (
        "fr",
        "{{unité|10|km}} au {{s|XVIII|e}}, {{date|1|janvier|1900}}, {{lien|lang=en|fr=Moulin}}",
        "10 km au XVIIIe siècle, 1 janvier 1900, Moulin",
    ),
    (
        "fr",
        "{{citation|Le moulin}} {{référence nécessaire|tourne}} le {{1er}} {{M.|Dupont}}",
        "Le moulin tourne le 1er M. Dupont",
    ),
    ("ru", "{{нп5|Мельница||en|Mill}} {{s|XX век}} {{lang-en|mill}}", "Мельница XX век mill"),
    (
        "es",
        "{{siglo|XX}} {{cita|el molino}} {{formatnum:1234}} {{formatnum:12345}}",
        "siglo XX el molino 1234 12.345",
    ),
    ("it", "{{citazione necessaria|il mulino}} {{w|Roma}} {{w|Roma|la città}}", "il mulino Roma la città"),
    ("ja", "{{仮リンク|水車|en|Mill}}と{{lang|en|mill}}", "水車とmill"),
    ("zh", "{{link-en|水车|Mill}}和{{lang|en|mill}}", "Mill和mill"),
    ("en", "{{citation|title=x}} a", "a"),
]


def text(source: str, language: str = "en") -> str:
    return wikitext.extract(source, of(language, frozenset())).text.replace("\xa0", " ")


@pytest.mark.parametrize(("source", "expected"), ENGLISH)
def test_words_of_templates(source: str, expected: str) -> None:
    assert text(source) == expected


@pytest.mark.parametrize(("language", "source", "expected"), EDITIONS)
def test_words_of_templates_in_other_editions(language: str, source: str, expected: str) -> None:
    assert text(source, language) == expected

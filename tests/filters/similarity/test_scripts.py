"""A near duplicate is a near duplicate in any script (mozilla/translations#899, #742)."""

import random

import numpy as np
import pyarrow as pa
import pytest

from massivetext.filters.similarity.jaccard import jaccards
from massivetext.filters.similarity.minhash import band_parameters, bands, signatures
from massivetext.filters.similarity.shingle import Shingle, Unit
from massivetext.filters.similarity.shingles import shingles

WORDS, CHARACTERS = Shingle(), Shingle(5, Unit.CHARACTERS)

# Letters of each script, how many make a word, what stands between words, and what ends a sentence.
SCRIPTS = {
    "Chinese": (
        "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学",
        2,
        "",
        "。",
    ),
    "Japanese": (
        "のにはをたがでてとしれさるいなかもっこまう日本人大学生国会年山川語カタナヒラケコ",
        2,
        "",
        "。",
    ),
    "Thai": ("กขคงจชซดตถทนบปผพมยรลวสหอาะิีุูเแโไ่้", 5, "", " "),
    "Lao": ("ກຂຄງຈຊດຕຖທນບປຜພມຢຣລວສຫອາະິີຸູເແໂໄ່້", 5, "", " "),
    "Khmer": ("កខគឃងចឆជញដឋណតថទនបផពភមយរលវសហឡអាិីុូេែោ", 4, "", "។"),
    "Burmese": ("ကခဂငစဆညတထဒနပဖဘမယရလဝသဟအာိီုူေ", 4, "", "။"),
    "Tibetan": ("ཀཁགངཅཆཇཉཏཐདནཔཕབམཙཚཛཝཞཟའཡརལཤསཧཨ", 2, "་", "།"),
    "Korean": ("가나다라마바사아자차카타파하고노도로모보소오조초기니디리미비시이지치", 3, " ", ". "),
    "Arabic": ("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", 5, " ", ". "),
    "Hindi": ("कखगघचछजझटठडढतथदधनपफबभमयरलवशषसहािीुूेो", 4, " ", "। "),
    "German": ("abcdefghijklmnopqrstuvwxyzäöüß", 6, " ", ". "),
}


def sentences(script: str, count: int, seed: int) -> list[str]:
    letters, size, joint, end = SCRIPTS[script]
    chance = random.Random(f"{script} {seed}")
    words = ["".join(chance.choices(letters, k=chance.randint(1, 2 * size - 1))) for _ in range(400)]
    return [joint.join(chance.choices(words, k=chance.randint(12, 24))) + end for _ in range(count)]


def compared(texts: list[str], shingle: Shingle = WORDS) -> tuple[float, bool]:
    """The Jaccard of two texts, and whether they are candidates."""
    batch = pa.record_batch({"text": texts})
    found = shingles(batch, shingle)
    signed = np.array(bands(signatures(batch, shingle=shingle), *band_parameters(0.8)).to_pylist())
    (similarity,) = jaccards(found.offsets, found.values, np.array([0]), np.array([1]))
    return float(similarity), bool((signed[0] == signed[1]).any())


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_page_with_one_sentence_of_forty_changed_is_found(script: str) -> None:
    page, other = sentences(script, 40, 1), sentences(script, 40, 2)
    for place in (0, 17, 39):
        changed = [*page[:place], other[place], *page[place + 1 :]]
        similarity, is_candidate = compared(["".join(page), "".join(changed)])
        assert similarity > 0.8
        assert is_candidate


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_page_with_one_letter_changed_is_found(script: str) -> None:
    page = "".join(sentences(script, 40, 1))
    places = [place for place, sign in enumerate(page) if sign in SCRIPTS[script][0][:10]]
    place = places[len(places) // 2]
    similarity, is_candidate = compared([page, page[:place] + SCRIPTS[script][0][10] + page[place + 1 :]])
    assert 0.9 < similarity < 1
    assert is_candidate


@pytest.mark.parametrize("script", SCRIPTS)
def test_pages_with_nothing_in_common_are_not(script: str) -> None:
    similarity, is_candidate = compared(["".join(sentences(script, 40, seed)) for seed in (1, 2)])
    assert similarity < 0.01
    assert not is_candidate


def edited(page: str, edit: str, script: str, chance: random.Random) -> str:
    """The page with letters changed in so many places, or with a stretch replaced, inserted or deleted."""
    if edit.isdigit():
        signs = list(page)
        for place in chance.sample(range(len(page)), int(edit)):
            signs[place] = chance.choice(SCRIPTS[script][0])
        return "".join(signs)
    size = len(page) // 20
    place = chance.randrange(len(page) - size)
    other = "" if edit == "delete" else "".join(sentences(script, 40, 2))[:size]
    return page[:place] + other + page[place + (0 if edit == "insert" else size) :]


@pytest.mark.parametrize("edit", ["1", "5", "10", "replace", "insert", "delete"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_by_characters_scattered_edits_leave_a_near_duplicate(script: str, edit: str) -> None:
    page = "".join(sentences(script, 40, 1))
    for seed in range(5):
        changed = edited(page, edit, script, random.Random(seed))
        similarity, is_candidate = compared([page, changed], CHARACTERS)
        grams = [{text[at : at + 5] for at in range(len(text) - 4)} for text in (page, changed)]
        assert similarity == pytest.approx(len(grams[0] & grams[1]) / len(grams[0] | grams[1]), abs=0.005)
        assert similarity > 0.85
        assert is_candidate


@pytest.mark.parametrize("script", SCRIPTS)
def test_by_characters_unrelated_pages_are_far_below_the_threshold(script: str) -> None:
    similarity, _ = compared(["".join(sentences(script, 40, seed)) for seed in (1, 2)], CHARACTERS)
    assert similarity < 0.3

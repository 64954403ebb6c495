import pickle
import random
import zlib

import pyarrow as pa

from massivetext.filters.similarity.embedded import ENOUGH_BITS, Matcher, match
from massivetext.filters.similarity.rarity import Counts, count
from massivetext.filters.similarity.test_items import Part, TestItems

WORDS = [f"w{zlib.crc32(str(number).encode()):x}" for number in range(3000)]


def sentence(words: int, seed: str) -> str:
    """Words of which the first are frequent, as in speech: about one in a rank's number."""
    chance = random.Random(seed)
    return " ".join(WORDS[int(len(WORDS) ** chance.random()) - 1] for _ in range(words))


CORPUS = [sentence(200, f"corpus {number}") for number in range(500)]
LONG = sentence(150, "long")  # more than one piece
ITEM = sentence(40, "item")


def batch(*texts: str) -> pa.RecordBatch:
    return pa.record_batch({"text": pa.array(texts, pa.string())})


def matcher(*parts: str, corpus: list[str] = CORPUS) -> Matcher:
    items = TestItems.build([Part("set", str(number), "question", text) for number, text in enumerate(parts)])
    return Matcher.build(items, Counts.total(items, [count(batch(*corpus), items)]))


def test_an_item_is_found_where_it_stands_and_nothing_else_is() -> None:
    known = matcher(ITEM, LONG)
    text = f"{CORPUS[0]} É. {ITEM} And {CORPUS[1]}"
    [row] = match(batch(CORPUS[2], text, CORPUS[3]), known).to_pylist()
    assert (row["document"], row["part"], row["nearly_whole"]) == (1, 0, True)
    assert text.encode()[row["start"] : row["end"]].decode() == ITEM
    assert (row["held"], row["longest_run"], row["missing"]) == (1.0, 40, [])
    assert row["bits"] > ENOUGH_BITS


def test_the_words_that_differ_are_told() -> None:
    words = ITEM.split()
    words[7], words[20] = "other", "others"
    [row] = match(batch(f"{CORPUS[0]} {' '.join(words)} {CORPUS[1]}"), matcher(ITEM)).to_pylist()
    assert row["missing"] == [7, 20]
    assert row["longest_run"] == 19
    assert 0.65 < row["held"] < 1
    assert row["nearly_whole"]


def test_half_an_item_is_a_match_but_not_the_item() -> None:
    half = " ".join(ITEM.split()[:22])
    [row] = match(batch(f"{CORPUS[0]} {half} {CORPUS[1]}"), matcher(ITEM)).to_pylist()
    assert 0.5 <= row["held"] < 0.65
    assert not row["nearly_whole"]


def test_a_long_part_is_one_match_from_its_first_piece_to_its_last() -> None:
    text = f"{CORPUS[0]} {LONG} {CORPUS[1]}"
    [row] = match(batch(text), matcher(LONG)).to_pylist()
    assert text[row["start"] : row["end"]] == LONG
    assert row["longest_run"] == 150


def test_a_passage_of_a_long_part_is_found_and_measured() -> None:
    passage = " ".join(LONG.split()[55:100])
    [row] = match(batch(f"{CORPUS[0]} {passage} {CORPUS[1]}"), matcher(LONG)).to_pylist()
    assert row["longest_run"] == 45
    assert 0.2 < row["held"] < 0.4
    assert row["missing"] == [*range(55), *range(100, 150)]


def test_of_two_copies_the_better_is_told() -> None:
    worse = ITEM.split()
    worse[3:12] = []
    text = f"{' '.join(worse)} {CORPUS[0]} {ITEM} {CORPUS[1]}"
    [row] = match(batch(text), matcher(ITEM)).to_pylist()
    assert row["held"] == 1
    assert row["start"] == text.rindex(ITEM)


def test_common_speech_is_no_leak_however_often_it_stands_there() -> None:
    """What stands in many documents that hold nothing else of the item is speech."""
    phrase = " ".join(ITEM.split()[:11])
    said = [f"{text} {phrase} {text}" for text in CORPUS[:40]]
    assert not match(batch(*said), matcher(ITEM, corpus=CORPUS + said)).num_rows
    assert not matcher(phrase, corpus=CORPUS + said).is_searched[0]


def test_a_leak_in_many_documents_does_not_become_common_speech() -> None:
    leaked = [f"{text} {ITEM} {text}" for text in CORPUS[:40]]
    found = match(batch(*leaked), matcher(ITEM, corpus=CORPUS + leaked))
    assert found.column("nearly_whole").to_pylist() == [True] * 40


def test_a_short_part_is_searched_for_only_with_a_rare_word() -> None:
    frequent, rare = " ".join(WORDS[200:208]), " ".join([*WORDS[200:207], "photosynthesis"])
    known = matcher(frequent, rare, "four words are few")
    assert known.is_searched.tolist() == [False, True, False]


def test_matches_do_not_depend_on_the_batch_and_the_matcher_pickles() -> None:
    known = pickle.loads(pickle.dumps(matcher(ITEM, LONG, *CORPUS[:300])))
    texts = [f"{CORPUS[number]} {ITEM} {LONG}" for number in range(300)]
    whole = match(batch(*texts), known).to_pylist()
    single = [
        {**row, "document": n}
        for n, text in enumerate(texts)
        for row in match(batch(text), known).to_pylist()
    ]
    assert whole == single
    assert len(whole) == 3 * 300


def test_no_documents_no_items_no_words() -> None:
    known = matcher(ITEM, "")
    assert match(batch(), known).num_rows == 0
    assert match(batch("", "…"), known).num_rows == 0
    assert match(batch(ITEM), matcher()).num_rows == 0
    assert match(batch(ITEM), matcher("")).num_rows == 0

"""Tokens per raw byte with their standard error, from records such as stages leave them."""

import numpy as np
import pytest

from massivetext.pipeline.config.model import Config
from massivetext.pipeline.plan.yields import Yield, yields
from massivetext.pipeline.runtime.parts import Record, write_record
from massivetext.pipeline.runtime.tally import Figure, Tally

CONFIG = Config.model_validate(
    {"sources": {"web": {"kind": "web", "paths": ["*"], "weight": 1}}, "mix": {"tokens": 1}}
)


def estimate(out: str, parts: list[tuple[int, list[int]]]) -> Yield:
    """What is told of a run whose parts had so many raw bytes, and documents of so many tokens (0: removed)."""
    for part, (raw, documents) in enumerate(parts):
        curated, tokenized = Tally(), Tally()
        curated.add("web", Figure.INPUT, "", 1, raw)
        curated.add("web", Figure.READ, "", len(documents), raw)
        tokenized.add("web", Figure.TOKENIZED, "", sum(n > 0 for n in documents), raw, sum(documents))
        tokenized.add("web", Figure.TOKENS_SQUARED, "", tokens=sum(n * n for n in documents))
        for stage, tally in (("curate", curated), ("tokenize", tokenized)):
            write_record(out, stage, Record(part, "", None, [], tally.rows(), 0.0))
    return yields(out, CONFIG)["web"]


@pytest.mark.parametrize(("parts", "over"), [(12, "parts"), (1, "documents")])
def test_the_error_is_the_spread_of_repeated_samples(tmp_path, parts: int, over: str) -> None:
    """300 samples of one population: the estimates spread as each says of itself."""
    random = np.random.default_rng(7)
    found = []
    for sample in range(300):
        made = []
        for _ in range(parts):
            documents = random.gamma(0.5, 400, size=60).astype(int) * random.integers(0, 2, size=60)
            raw = 20_000 if over == "documents" else int(random.uniform(0.5, 2) * documents.sum() * 4 + 1000)
            made.append((raw, documents.tolist()))
        found.append(estimate(str(tmp_path / str(sample)), made))
    assert {one.spread_over for one in found} == {over}
    got = np.array([one.tokens_per_byte for one in found])
    said = np.array([one.relative_error or 0 for one in found]) * got
    assert np.sqrt(np.mean(said**2)) == pytest.approx(got.std(), rel=0.15)


def test_a_source_of_which_nothing_is_left_has_no_error(tmp_path) -> None:
    found = estimate(str(tmp_path), [(100, [0, 0])])
    assert (found.tokens_per_byte, found.relative_error) == (0, None)
    assert estimate(str(tmp_path / "one"), [(100, [5])]).relative_error is None


def test_parts_that_give_the_same_have_no_error(tmp_path) -> None:
    found = estimate(str(tmp_path), [(100, [10, 15])] * 6)
    assert (found.tokens_per_byte, found.relative_error, found.files) == (0.25, 0, 6)

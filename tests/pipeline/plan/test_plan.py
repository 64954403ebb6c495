"""The plan of a real run: its figures are those of the report, and its raw input gives what it says."""

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from massivetext.pipeline.cli import main
from massivetext.pipeline.plan.plan import plan
from massivetext.pipeline.stages.mix.target import targets


def command(*arguments: str, columns: int = 200) -> Result:
    return CliRunner(env={"COLUMNS": str(columns)}).invoke(main, ["plan", *arguments])


def test_no_figure_is_cut_off_in_80_columns(finished: Path) -> None:
    """As in a file, and on a small terminal."""
    for budget in (("--flops", "5.76e23"), ("--tokens", "3.1e6")):
        printed = command(*budget, "--output", str(finished), columns=80).output
        assert "wikipedia" in printed
        assert "…" not in printed


def test_without_a_run() -> None:
    made = json.loads(command("--flops", "5.76e23", "--json").output)
    assert made["mix"] is None
    assert [round(one["parameters"] / 1e9, 1) for one in made["estimates"]] == [67.9, 40.3, 72.2]
    printed = command("--flops", "5.76e23").output
    assert "67.9B" in printed
    assert "1.41T" in printed


def test_the_sources_of_a_run(finished: Path) -> None:
    stats = json.loads((finished / "report/stats.json").read_text())
    planned = plan("tokens", stats["mix"]["target"], str(finished)).mix
    assert planned is not None
    for row in stats["mix"]["sources"]:
        one = planned.sources[row["source"]].repetition
        assert (one.available, one.wanted) == (row["tokens"], pytest.approx(row["wanted"], abs=1))
        assert one.epochs == pytest.approx(row["epochs"], rel=1e-4)
    assert planned.runs_out_first == max(stats["mix"]["sources"], key=lambda row: row["epochs"])["source"]
    assert planned.cost is not None
    again = {name: stage["cpu_seconds"] / 3600 for name, stage in manifest(finished)["stages"].items()}
    assert planned.cost.cpu_hours["mix"] == pytest.approx(again["mix"], rel=1e-6), "as many tokens, as long"


def manifest(out: Path) -> dict[str, dict[str, dict[str, float]]]:
    found: dict[str, dict[str, dict[str, float]]] = json.loads((out / "manifest.json").read_text())
    return found


def test_the_input_of_the_run_itself_costs_what_it_did(finished: Path, sample: Path) -> None:
    planned = plan("tokens", 1e6, str(finished)).mix
    assert planned is not None
    given = {name: one.sampled.raw_bytes for name, one in planned.sources.items() if one.sampled}
    web = sum(path.stat().st_size for path in (sample / "web").glob("*.warc*"))
    assert given["web"] == web
    again = plan("tokens", 3e6, str(finished), given).mix
    assert again is not None
    assert again.cost is not None
    for name, hours in again.cost.cpu_hours.items():
        assert hours * 3600 == pytest.approx(manifest(finished)["stages"][name]["cpu_seconds"], rel=1e-3)
    size = sum(path.stat().st_size for path in finished.rglob("*") if path.is_file())
    assert sum(again.cost.disk_bytes.values()) == pytest.approx(size, rel=1e-3)


def test_ten_times_the_input_gives_ten_times_the_tokens(finished: Path) -> None:
    given = {"web": 1e9, "books": 1e9, "c4": 1e9, "news": 1e9, "code": 1e9, "wikipedia": 1e9}
    small, large = (
        plan("tokens", 1e9, str(finished), {n: b * f for n, b in given.items()}).mix for f in (1, 10)
    )
    assert small is not None
    assert large is not None
    for name in given:
        assert large.sources[name].repetition.available == pytest.approx(
            10 * small.sources[name].repetition.available
        )
    within = {name: one.repetition.weight_within for name, one in small.sources.items()}
    available = {name: int(one.repetition.available) + 1 for name, one in small.sources.items()}
    assert None not in within.values()
    targets(within, available, 10**9, 4)  # type: ignore[arg-type]


def test_the_raw_bytes_for_one_epoch_give_one_epoch(finished: Path) -> None:
    first = plan("tokens", 1e9, str(finished)).mix
    assert first is not None
    needed = {name: one.raw_bytes_for_one_epoch or 0 for name, one in first.sources.items()}
    again = plan("tokens", 1e9, str(finished), needed).mix
    assert again is not None
    assert [one.repetition.epochs for one in again.sources.values()] == pytest.approx([1] * 6)


def test_as_a_table(finished: Path) -> None:
    printed = command("--tokens", "1e9", "--output", str(finished), "--input", "web=1e9").output
    for expected in ("runs out first", "standard error", "CPU hours", "No weights keep every source"):
        assert expected in " ".join(printed.split())


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), "give exactly one of --parameters, --flops and --tokens"),
        (("--tokens", "1", "--flops", "1"), "give exactly one of"),
        (("--tokens", "nan"), "give exactly one of"),
        (("--tokens", "-5"), "give exactly one of"),
        (("--tokens", "5", "--input", "web=1"), "--input: give --output, too"),
        (("--tokens", "5", "--output", "OUT", "--input", "web=much"), "expected SOURCE=BYTES"),
        (
            ("--tokens", "5", "--output", "OUT", "--input", "wiki=1"),
            "no source is named `wiki`; there are web",
        ),
        (("--tokens", "5", "--output", "NONE"), "holds no run of massivetext"),
    ],
)
def test_questions_that_cannot_be_answered(
    finished: Path, tmp_path: Path, arguments: tuple[str, ...], expected: str
) -> None:
    places = {"OUT": str(finished), "NONE": str(tmp_path)}
    done = command(*(places.get(argument, argument) for argument in arguments))
    assert done.exit_code == 2
    assert expected in done.output


def test_a_run_of_next_to_nothing(little: Path) -> None:
    planned = plan("tokens", 1e6, str(little)).mix
    assert planned is not None
    assert planned.sources["gone"].repetition.epochs is None
    assert command("--tokens", "1e6", "--output", str(little)).exit_code == 0


def test_laws_that_disagree_say_by_how_much() -> None:
    printed = command("--parameters", "1e12", columns=80).output
    assert "The laws differ by a factor of 6.7 in tokens and 1.0 in parameters." in printed
    assert "0.454 to 0.455 (80 % of bootstraps)" in printed


def test_weights_are_proposed_as_yaml(finished: Path) -> None:
    for rule in ("within", "unimax"):
        result = command("--tokens", "2e6", "--output", str(finished), "--weights", rule)
        assert result.exit_code == 0, result.output
        proposed = {name: one["weight"] for name, one in yaml.safe_load(result.stdout)["sources"].items()}
        assert sum(proposed.values()) == pytest.approx(1, abs=1e-5)
        made = plan("tokens", 2e6, str(finished)).mix
        assert made is not None
        for name, weight in proposed.items():
            assert weight * 2e6 <= made.max_epochs * made.sources[name].repetition.available * 1.001
    asked_too_much = command("--tokens", "1e15", "--output", str(finished), "--weights", "within")
    assert (asked_too_much.exit_code, "ask for fewer tokens" in asked_too_much.stderr) == (1, True)
    assert "--weights: give --output, too" in command("--tokens", "1e6", "--weights", "within").stderr

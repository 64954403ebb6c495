"""Which stages each key of the configuration, and each module, reruns: what no stage declares fails here."""

import ast
import copy
import functools
import itertools
import shutil
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from rich.console import Console

from massivetext.filters.families import FAMILIES
from massivetext.filters.kernels.source import closure, libraries, path_of
from massivetext.filters.language.language import MODEL
from massivetext.pipeline import run as whole
from massivetext.pipeline.config.decontaminate import Decontaminate
from massivetext.pipeline.config.deduplicate import Deduplicate
from massivetext.pipeline.config.load import load
from massivetext.pipeline.config.mix import Mix
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.config.reference import Schema, schema
from massivetext.pipeline.config.section import Section
from massivetext.pipeline.config.source import Source
from massivetext.pipeline.config.tokenizer import FillInTheMiddle, Tokenizer, Train
from massivetext.pipeline.execute import execute
from massivetext.pipeline.plugins.meaning import meaning
from massivetext.pipeline.runtime import keys
from massivetext.pipeline.runtime.engine import Engine
from massivetext.pipeline.runtime.parts import Step
from massivetext.pipeline.runtime.progress import Display
from massivetext.pipeline.runtime.stage import Run, Stage
from massivetext.pipeline.runtime.versions import ENTERING, version_of
from massivetext.pipeline.stages.curate import judge
from massivetext.pipeline.stages.curate import stage as curate
from tests.pipeline.test_layers import FLOORS, modules

BASE: dict[str, Any] = {
    "sources": {
        "a": {
            "kind": "text",
            "paths": ["a.jsonl"],
            "weight": 0.5,
            "columns": {"keep": {"n": "number", "m": "number"}},
            "limits": {"n": {"minimum": 1, "maximum": 9}},
        },
        "b": {"kind": "code", "paths": ["b.tar"], "weight": 0.5},
        "c": {"kind": "text", "paths": ["a.jsonl"], "weight": 0},
    },
    "mask": {"sources": ["a"], "kinds": ["email"]},
    "robots": {"sources": ["a"]},
    "blocklist": {"domains": "list.txt"},
    "language": {"sources": ["a"]},
    "quality": {
        "sources": ["a"],
        "languages": {"de": {"word_count": {"minimum": 9, "maximum": 99}, "stop_words": ["der"]}},
    },
    "repetition": {"sources": ["a"]},
    "readings": {"sources": ["a"]},
    "characters": {"sources": ["a"]},
    "code_quality": {"sources": ["b"]},
    "decontaminate": {"test_sets": {"t": {"path": "t.jsonl"}, "u": "t.jsonl"}},
    "tokenizer": {"train": {"vocabulary": 512}},
    "mix": {"tokens": 8, "sequence_length": 8, "packing": "best_fit"},
}
FILES = {
    "a.jsonl": '{"text": "the one document of this corpus", "n": 3, "m": 4}\n',
    "list.txt": "one.example\n",
    "other.txt": "two.example\n",
    "same.txt": "one.example\n",
    "extra.py": """
from massivetext.pipeline.tokenizers.sentencepiece import SentencePiece
from massivetext.plugins import Measurement, TokenizerKind

SIZE = Measurement("size", "characters", lambda batch: [1.0] * len(batch), minimum=0)


class Runes(SentencePiece):
    special = {"bos": 1, "eos": 2}


RUNES = TokenizerKind("runes", Runes)
""",
    "t.jsonl": '{"text": "an item", "q": "the question", "id": "7", "question": "q", "choices": ["c"]}\n',
    "same.jsonl": '{"text": "an item", "q": "the question", "id": "7", "question": "q", "choices": ["c"]}\n',
}

Change = tuple[object, str]
"""Another value of a key, and the stages that declare it, with curate's two steps, `read` and `judge`, told apart. The
report declares everything, as it shows the configuration, so that it is not named."""

CHANGES: dict[str, Change] = {
    "plugins": (["extra.py"], "read judge"),
    "seed": (18, "read deduplicate decontaminate tokenizer tokenize mix"),
    "part_bytes": (1 << 20, "curate"),
    "sample": (0.5, "read mix"),
    "sources.a.kind": ("news", "read"),
    "sources.a.paths": (["a.json[l]"], ""),
    "sources.a.weight": (0.7, "mix"),
    "sources.a.records": ("two/", "read"),
    "sources.a.split.by": ("m", "mix"),
    "sources.a.split.weights": ({"2..": 1}, "mix"),
    "sources.a.together.by": ("origin_file", "mix"),
    "sources.a.together.order": ("imports", "mix"),
    "sources.a.columns.text": ("body", "read"),
    "sources.a.columns.url": ("address", "read"),
    "sources.a.columns.title": ("name", "read"),
    "sources.a.columns.licence": ("terms", "read"),
    "sources.a.columns.id": ("number", "read"),
    "sources.a.columns.keep": ({"n": "number"}, "read"),
    "sources.a.columns.captured": ("time", "read"),
    "sources.a.pages.markdown": (True, "read"),
    "sources.a.pages.comments": ("keep", "read"),
    "sources.a.pages.authors": ("drop", "read"),
    "sources.a.limits.n.minimum": (2, "judge"),
    "sources.a.limits.n.maximum": (8, "judge"),
    "limits.record_bytes": (1 << 20, "read"),
    "limits.window_bytes": (1 << 20, "read"),
    "limits.expansion_ratio": (10, "read"),
    "limits.plugin_seconds": (9, ""),
    "limits.failed": (0.5, ""),
    "text.normalise": ("nfc", "read"),
    "text.mojibake": (True, "read"),
    "mask.sources": (["c"], "read"),
    "mask.kinds": (["ip"], "read"),
    "robots.sources": ([], "curate"),
    "robots.refuse": (["noai"], "judge"),
    "robots.agents": (["CCBot"], "judge"),
    "robots.records": (["a.jsonl"], "curate"),
    "blocklist.sources": ([], "read judge"),
    "blocklist.domains": ("other.txt", "read"),
    "blocklist.urls": ("other.txt", "read"),
    "language.sources": (["c"], "judge"),
    "language.keep": (["de"], "judge"),
    "language.minimum_probability": (0.4, "judge"),
    "language.maximum_other_share": (0.5, "judge"),
    "language.model": ("model.ftz", "read"),
    "language.reading": ("whole", "read"),
    "repetition.duplicates": ("all", "read"),
    "licence.sources": (["a"], "judge"),
    "licence.keep": (["MIT"], "judge"),
    "deduplicate.sources": (["a"], "deduplicate"),
    "deduplicate.url": ("newest_capture", "deduplicate"),
    "deduplicate.threshold": (0.7, "deduplicate"),
    "deduplicate.shingle": (9, "deduplicate"),
    "deduplicate.shingle.characters": (5, "deduplicate"),
    "deduplicate.permutations": (64, "deduplicate"),
    "deduplicate.recall": (0.9, "deduplicate"),
    "deduplicate.survivors_only": (["c"], "deduplicate"),
    "deduplicate.against": (["FINISHED"], "deduplicate"),
    "deduplicate.most_removed": (0.5, "deduplicate"),
    "decontaminate.remove": ("passage", "decontaminate"),
    "decontaminate.threshold": (0.7, "decontaminate"),
    "decontaminate.shingle": (9, "decontaminate"),
    "decontaminate.containment": (0.9, "decontaminate"),
    "decontaminate.titles": ("list.txt", "decontaminate"),
    "decontaminate.test_sets.t.path": ("a.jsonl", "decontaminate"),
    "decontaminate.test_sets.t.pack": ("mmlu", "decontaminate"),
    "decontaminate.test_sets.t.format": ("text", "decontaminate"),
    "decontaminate.test_sets.t.text": (["q"], "decontaminate"),
    "decontaminate.test_sets.t.question": (["q"], "decontaminate"),
    "decontaminate.test_sets.t.answer": (["q"], "decontaminate"),
    "decontaminate.test_sets.t.passage": (["q"], "decontaminate"),
    "decontaminate.test_sets.t.id": ("id", "decontaminate"),
    "tokenizer.model": ("FINISHED/tokenizer/other.json", "tokenizer"),
    "tokenizer.kind": ("runes", "tokenizer tokenize mix"),
    "tokenizer.bos": ("<s>", "tokenize"),
    "tokenizer.eos": ("<s>", "tokenize mix"),
    "tokenizer.pad": ("<s>", "mix"),
    "tokenizer.fill_in_the_middle.sources": (["c"], "tokenize"),
    "tokenizer.fill_in_the_middle.rate": (0.4, "tokenize"),
    "tokenizer.fill_in_the_middle.suffix_first": (0.4, "tokenize"),
    "tokenizer.fill_in_the_middle.prefix": ("<unk>", "tokenize"),
    "tokenizer.fill_in_the_middle.suffix": ("<unk>", "tokenize"),
    "tokenizer.fill_in_the_middle.middle": ("<unk>", "tokenize"),
    "tokenizer.train.kind": ("byte_level", "tokenizer"),
    "tokenizer.train.vocabulary": (600, "tokenizer"),
    "tokenizer.train.split": ("gpt4", "tokenizer"),
    "tokenizer.compare": ([], ""),
    "tokenizer.train.digits": (1, "tokenizer"),
    "tokenizer.train.sample_bytes": (1000, "tokenizer"),
    "tokenizer.train.weights": ({"a": 1}, "tokenizer"),
    "mix.tokens": (16, "mix"),
    "mix.parameters": (16, "mix"),
    "mix.sequence_length": (16, "mix"),
    "mix.phases": ([{"name": "only", "weights": {"a": 1}}], "mix"),
    "mix.max_epochs": (5, "mix"),
    "mix.add_bos": (True, "tokenize mix"),
    "mix.add_eos": (False, "tokenize mix"),
    "mix.validation": (0.5, "mix"),
    "mix.packing": ("concatenate", "mix"),
    "mix.formats": (["parquet"], "mix"),
    "mix.shard_tokens": (8, "mix"),
    "run.name": ("another", ""),
    "audit.groups": ({"one": ["x"]}, ""),
    "audit.associations": ({"gender": "bundled:gender"}, ""),
    "audit.scores": (["n"], ""),
    "audit.minimum_features": (3, ""),
    "audit.minimum_per_1000_words": (2, ""),
    "audit.flagged_ratio": (2, ""),
    "audit.sample": (5, ""),
}
UNSHOWN = {"sources.a.paths"}
"""Keys that the report does not show."""
LOADED = {
    "tokenizer.train": None,
    "tokenizer.model": "FINISHED/tokenizer/tokenizer.json",
    "tokenizer.eos": "</s>",
}
SPLIT = {"sources.a.split": {"by": "n", "weights": {"3..": 1}}}
TOGETHER = {"sources.a.together": {"by": "n"}}
FILLED = LOADED | {
    "tokenizer.fill_in_the_middle": {"sources": ["a"], "prefix": "<s>", "suffix": "</s>", "middle": "<pad>"}
}
WITH: dict[str, dict[str, object]] = {
    "sources.a.records": {"sources.a.kind": "web", "sources.a.records": "one/"},
    "robots.records": {"robots.agents": ["CCBot"]},
    "mix.parameters": {"mix.tokens": None, "mix.parameters": 8},
    "tokenizer.train.split": {"tokenizer.train.kind": "byte_level"},
    "tokenizer.train.digits": {"tokenizer.train.kind": "byte_level"},
    "sources.a.split.by": SPLIT,
    "sources.a.split.weights": SPLIT,
    "sources.a.together.by": TOGETHER,
    "sources.a.together.order": TOGETHER,
    "tokenizer.model": LOADED,
    "tokenizer.kind": {
        "plugins": ["extra.py"],
        "tokenizer.train": None,
        "tokenizer.model": "FINISHED/tokenizer/tokenizer.model",
    },
    "tokenizer.bos": LOADED,
    "tokenizer.eos": LOADED,
    "tokenizer.pad": LOADED,
    **{f"tokenizer.fill_in_the_middle.{name}": FILLED for name in FillInTheMiddle.model_fields},
}
"""What else must be set for a key to be allowed, before and after it is changed."""


def columns_limited() -> dict[str, Change]:
    """The limits of every family. Readings are measured only where one is judged."""
    found: dict[str, Change] = {}
    for name, family in FAMILIES.items():
        for column in family.limits:
            found[f"{name}.{column}.minimum"] = -1, "judge"
            found[f"{name}.{column}.maximum"] = 1e6, "judge"
        if family.limits:
            is_measured = "read judge" if name == "readings" else "judge"
            found[f"{name}.sources"] = [] if name == "code_quality" else ["c"], is_measured
    found["quality.languages.de.stop_words"] = ["die"], "read"
    found["quality.languages.de.word_count.minimum"] = 8, "judge"
    return found


def leaves(whole: Schema, section: Schema, prefix: str = "") -> Iterator[str]:
    """Every key of the configuration, with the names of BASE where users choose names."""
    for name, value in section["properties"].items():
        yield from _leaves(whole, value, f"{prefix}{name}")


NAMES = {"sources": "a", "sources.a.limits": "n", "decontaminate.test_sets": "t"} | {
    f"{name}.languages": "de" for name in ("quality", "repetition")
}


def _leaves(whole: Schema, value: Schema, key: str) -> Iterator[str]:
    found = whole["$defs"][value["$ref"].rpartition("/")[2]] if "$ref" in value else value
    if "properties" in found:
        yield from leaves(whole, found, f"{key}.")
    elif key in NAMES:
        inner = found.get("additionalProperties") or next(iter(found["patternProperties"].values()))
        yield from _leaves(whole, inner, f"{key}.{NAMES[key]}")
    elif below := [each for each in found.get("anyOf", []) if "$ref" in each]:
        yield from _leaves(whole, below[0], key)
    else:
        yield key


TABLE = CHANGES | columns_limited()


def with_value(configuration: dict[str, Any], key: str, value: object) -> dict[str, Any]:
    made = copy.deepcopy(configuration)
    *path, last = key.split(".")
    at = made
    for name in path:
        at = at.setdefault(name, {})
    at[last] = value
    if value is None:
        del at[last]
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reruns")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    with tarfile.open(folder / "b.tar", "w") as tar:
        tar.add(folder / "a.jsonl", "a.py")
    (folder / "model.ftz").write_bytes(MODEL.read_bytes() + b"\0")
    return folder


def declared(folder: Path, configuration: dict[str, Any]) -> dict[str, str]:
    """The key of each stage's own settings, and those of the parts that curate reads and judges."""
    path = folder / "c.yaml"
    path.write_text(yaml.safe_dump(configuration))
    run = Run(load(str(path)), str(folder / "out"), Engine([]), Display(Console()))
    found = {
        stage.name: keys.key_of(whole.causes_of(run, stage, dict.fromkeys(stage.after, "")))
        for stage in whole.STAGES
    }
    work = curate.work_of(run, run.config)
    items = curate.items_of(run)
    found["read"] = keys.key_of([(Step.of(curate.NAME, work).key(item)) for item in items])
    measured = [judge.Measured(0, source, "") for source in sorted(work.rules)]
    judging = Step.of(judge.STEP, judge.Judge(run.out, work.rules))
    found["judge"] = keys.key_of([judging.key(item) for item in measured])
    return found


@pytest.mark.parametrize("key", sorted(TABLE))
def test_a_key_reruns_what_declares_it(
    folder: Path, key: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    value, stages = TABLE[key]
    if "FINISHED" in repr((value, WITH.get(key))):
        _link(folder / "FINISHED", request.getfixturevalue("finished"))
    monkeypatch.setattr("massivetext.pipeline.config.curate.find_spec", lambda _: True)  # ftfy
    base = BASE
    for other, needed in WITH.get(key, {}).items():
        base = with_value(base, other, needed)
    before, after = declared(folder, base), declared(folder, with_value(base, key, value))
    changed = {name for name in before if before[name] != after[name]}
    expected = set(stages.split())
    expected |= {"curate"} if expected & {"read", "judge"} else set()
    assert sorted(changed) == sorted(expected | ({"report"} if key not in UNSHOWN else set()))


def _link(folder: Path, finished: Path) -> None:
    """A finished run by its links, beside another tokenizer."""
    if not folder.exists():
        folder.mkdir()
        for path in finished.iterdir():
            (folder / path.name).symlink_to(path)
        (folder / "tokenizer").unlink()
        shutil.copytree(finished / "tokenizer", folder / "tokenizer")
        (folder / "tokenizer/other.json").write_bytes(
            (folder / "tokenizer/tokenizer.json").read_bytes() + b"\n"
        )


UNREAD = {"repetition.languages.de.stop_words"}
"""Refused, as nothing would read it: quality counts stop words."""


def test_every_key_is_declared() -> None:
    """By a stage, or by the report alone; a path is declared nowhere, as what lies there counts."""
    assert sorted(set(leaves(schema(), schema())) - set(TABLE) - UNREAD) == []


def _reads(stage: Stage, read: dict[str, set[str]]) -> Stage:
    """The stage, which notes in `read` the keys that it reads while it runs."""

    @functools.wraps(stage.run)
    def run(run: Run) -> int:
        with pytest.MonkeyPatch.context() as patch:

            def get(section: Section, name: str) -> Any:
                prefix = PREFIXES.get(type(section))
                if prefix is not None and name in type(section).model_fields:
                    read[stage.name].add(f"{prefix}{name}")
                return object.__getattribute__(section, name)

            patch.setattr(Section, "__getattribute__", get, raising=False)
            run.next = ()  # the next stage does its own steps, so that what it reads is told of it
            return stage.run(run)

    return replace(stage, run=run)


JUDGING = [name for name, family in FAMILIES.items() if family.limits]
PREFIXES = {
    Config: "",
    Source: "sources.a.",
    Deduplicate: "deduplicate.",
    Decontaminate: "decontaminate.",
    Tokenizer: "tokenizer.",
    Train: "tokenizer.train.",
    Mix: "mix.",
}
STEPS = {"curate": {"curate", "read", "judge"}}
BY_VALUE = {
    "sources.a.kind": {"deduplicate", "decontaminate"},
    "decontaminate.test_sets": {"decontaminate"},
    "sources.a.columns": {"curate"},
    "sources.a.pages": {"curate"},
    "sources.a.limits": {"curate"},
    "sources.a.split": {"mix"},
    "sources.a.together": {"mix"},
    "deduplicate.sources": {"deduplicate"},
    "tokenizer.train": {"tokenizer", "tokenize", "mix"},
    "tokenizer.kind": {"tokenizer", "tokenize", "mix"},
    "tokenizer.train.kind": {"tokenize", "mix"},
    "tokenizer.fill_in_the_middle": {"tokenize"},
    "tokenizer.pad": {"tokenize"},  # as the next two, hashed with the settings that an encoder is made by
    "tokenizer.train.split": {"tokenize"},
    "tokenizer.train.digits": {"tokenize"},
    "tokenizer.model": {"tokenize", "mix", "report"},
}
"""Keys of which a stage declares what follows from them: such as which sources it works on, or the tokenizer itself."""


def test_a_stage_reads_no_key_that_it_does_not_declare(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: dict[str, set[str]] = defaultdict(set)
    monkeypatch.setattr(whole, "STAGES", [_reads(stage, read) for stage in whole.STAGES])
    path = folder / "run.yaml"
    lenient = BASE | {name: {"sources": []} for name in ("language", "licence", *JUDGING)}
    path.write_text(
        yaml.safe_dump(with_value(with_value(lenient, "sources.a.weight", 1), "sources.b.weight", 0))
    )
    run = Run(
        load(str(path)), str(folder / "ran"), Engine(["--direct_running_mode=in_memory"]), Display(Console())
    )
    whole.prepare(run, accept_changes=False)
    execute(run)
    sections = set(Config.section_names()) - {"seed", "part_bytes"}
    undeclared = {
        (stage, key)
        for stage, found in read.items()
        if stage != "report"
        for key in found - sections
        if not STEPS.get(stage, {stage}) & ({*TABLE.get(key, ("", ""))[1].split()} | BY_VALUE.get(key, set()))
    }
    assert not undeclared, sorted(undeclared)


def stages_of(module: str) -> list[str]:
    """The stages that a change of a module's code reruns by itself."""
    return [
        stage.name
        for stage in whole.STAGES
        if any(module in closure(of, keys.CARRIERS) for of in (stage.run.__module__, stage.work) if of)
    ]


def has_code(module: str) -> bool:
    """Whether a module holds more than its docstring."""
    return len(ast.parse(path_of(module).read_bytes()).body) > 1


MODULES = [module for module in modules() if module.count(".") and has_code(module)]
WITHOUT_RESULTS = (
    *keys.CARRIERS,
    *(
        f"massivetext.{name}"
        for name in (
            *(
                "filters.compile",
                "filters.kernels.compiled",
                "pipeline.read.first_records",
                "pipeline.stages.curate.first_measured",
                "pipeline.stages.wanted",
            ),
            "schemas.tables",
            *("pipeline.runtime.clean", "pipeline.runtime.terminal", "pipeline.runtime.out_of_memory"),
            *(
                "pipeline.storage.store",
                "pipeline.storage.retries",
                "pipeline.storage.ranged",
                "pipeline.storage.hadoop",
            ),
            *("pipeline.storage.amazon", "pipeline.storage.google", "pipeline.storage.durable"),
            "pipeline.storage.hub",
            "pipeline.storage.http_request",
            "pipeline.storage.http_files",
            *("pipeline.runtime.groups", "pipeline.storage.local_match", "pipeline.storage.beam_internals"),
            *itertools.chain(*FLOORS[FLOORS.index({"pipeline.stages"}) + 1 :]),
        )
    ),
)
"""Modules of which no result depends: commands, and what carries work, settings and bytes."""
MOST: dict[str, str] = {
    "filters.html": "curate",
    "filters.masking": "curate",
    "filters.measure": "curate deduplicate decontaminate report",
    "filters.similarity": "deduplicate decontaminate report",
    "filters.tokens": "tokenizer tokenize mix report",
    "filters.licence": "curate report",
    "filters.language": "curate report",
    "filters.families": "curate report",
    "pipeline.read": "curate decontaminate report",
    "pipeline.shards": "mix",
    "pipeline.tokenizers": "tokenizer tokenize mix report",
    "pipeline.stages.curate": "curate report",
    "pipeline.stages.deduplicate": "deduplicate",
    "pipeline.stages.decontaminate": "decontaminate report",
    "pipeline.stages.tokenizer": "tokenizer",
    "pipeline.stages.tokenize": "tokenize report",
    "pipeline.stages.mix": "mix report",
    "pipeline.stages.report": "report",
}
"""The most that the modules of a folder may rerun."""


@pytest.mark.parametrize("module", MODULES)
def test_a_module_reruns_the_stages_whose_results_depend_on_it(module: str) -> None:
    name, found = module.removeprefix("massivetext."), stages_of(module)
    if any(module == each or module.startswith(f"{each}.") for each in WITHOUT_RESULTS):
        assert found == []
        return
    assert found, f"{module}: no stage depends on it: is it imported in a way that closure() does not see?"
    for folder, most in MOST.items():
        if name.startswith(f"{folder}."):
            assert set(found) <= set(most.split())


VERSIONS = {
    "array_record": "mix",
    "chardetng_py": "curate",
    "datasketch": "report",
    "detect_secrets": "curate",
    "fasttext": "curate",
    "ftfy": "curate",
    "jinja2": "report",
    "langcodes": "curate",
    "license_expression": "curate",
    "licenseclassifier": "curate",
    "lxml": "curate",
    "mwparserfromhell": "curate",
    "pypdfium2": "curate",
    "resiliparse": "curate",
    "sentencepiece": "tokenizer tokenize mix",
    "tokenizers": "tokenizer tokenize mix",
    "w3lib": "deduplicate",
}
"""Libraries, and the stages that another version of theirs reruns by itself, besides the report."""
EXACT = {
    *("backports", "brotli", "lz4", "urllib3", "zstandard"),  # bytes that are what they were
    *("click", "rich", "markupsafe", "yaml", "pydantic", "apache_beam", "google", "grpc", "huggingface_hub"),
    *("llvmlite", "numba", "numpy", "orjson", "pyarrow"),
}
"""Libraries that carry bytes, rows and settings, or calculate exactly: every version gives what another gives."""


@pytest.mark.parametrize("library", ENTERING)
def test_another_version_of_a_library_reruns_the_stages_that_use_it(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found() -> dict[str, list[str]]:
        keys.code_of.cache_clear()
        return {
            stage.name: [keys.code_of(of) for of in (stage.run.__module__, stage.work) if of]
            for stage in whole.STAGES
        }

    before = found()
    monkeypatch.setattr(
        keys, "version_of", lambda name: "0" if name == ENTERING[library] else version_of(name)
    )
    after = found()
    keys.code_of.cache_clear()
    changed = {stage for stage in before if before[stage] != after[stage]}
    assert changed - {"report"} == set(VERSIONS[library].split()) - {"report"}


def test_every_library_is_told_to_enter_results_or_not() -> None:
    used = {each for module in MODULES if stages_of(module) for each in libraries(module)}
    assert set(ENTERING) <= used <= set(ENTERING) | EXACT
    assert not EXACT & set(ENTERING)


def test_a_comment_reruns_nothing(tmp_path: Path) -> None:
    before, after, other = tmp_path / "a.py", tmp_path / "b.py", tmp_path / "c.py"
    before.write_text('"""Text."""\n\ndef one() -> int:\n    """Text."""\n    return 1\n')
    after.write_text('"""Words."""\n\n# a comment\ndef one() -> int:\n    return (\n        1\n    )\n')
    other.write_text("def one() -> int:\n    return 2\n")
    found = [meaning(path.read_bytes()) for path in (before, after, other)]
    assert found[0] == found[1] != found[2]

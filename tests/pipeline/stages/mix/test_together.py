"""The files of a repository stand together in the mix, in the order that is asked for."""

import io
import json
import tarfile
from collections import defaultdict
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from massivetext.pipeline.verify.verify import verify

CONFIG = """
seed: {seed}
sources:
  code: {{kind: code, paths: ["*.tar"], together: {{by: origin_file, order: {order}}}}}
licence: {{sources: []}}
language: {{sources: []}}
deduplicate: {{sources: []}}
tokenizer: {{train: {{vocabulary: 512}}}}
mix: {{tokens: {tokens}, sequence_length: 512, packing: {packing}, formats: [parquet]{more}}}
"""
FILES = 6


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Repositories in which each file imports the next one by path."""
    folder = tmp_path_factory.mktemp("together")
    for repository in range(30):
        with tarfile.open(folder / f"r{repository:02}.tar", "w") as tar:
            for number in range(FILES):
                text = f"import m{number + 1}\n\n" + "".join(
                    f"value_{repository}_{line} = {number}\n"
                    for line in range((3 * number + repository) % 14)
                )
                info = tarfile.TarInfo(f"r{repository:02}/m{number}.py")
                info.size = len(text)
                tar.addfile(info, io.BytesIO(text.encode()))
    return folder


def mixed(folder: Path, command, name: str, **values: object) -> tuple[Path, list[list[tuple[str, str]]]]:
    """The output of a run, and of each sequence the repositories and files in it."""
    values = {"seed": 1, "order": "path", "tokens": "all", "packing": "best_fit", "more": ""} | values
    (folder / f"{name}.yaml").write_text(CONFIG.format(**values))
    done = command("run", f"{name}.yaml", "--output", name, "--direct_num_workers", "1", cwd=folder)
    assert done.returncode == 0, done.stderr
    titles = {}
    for path in (folder / name / "documents").rglob("*.parquet"):
        for row in pq.read_table(path, columns=["id", "title"], partitioning=None).to_pylist():
            titles[row["id"]] = tuple(row["title"].split("/"))
    rows = pq.read_table(folder / name / "shards/index.parquet").to_pylist()
    return folder / name, [[titles[id_] for id_ in row["document_ids"]] for row in rows]


def test_files_stand_in_order_of_path_or_of_imports(folder: Path, massivetext_here) -> None:
    for order, expected in (("path", sorted), ("imports", lambda names: sorted(names, reverse=True))):
        out, sequences = mixed(folder, massivetext_here, order, order=order)
        assert verify(str(out)) == []
        kept: dict[str, set[str]] = defaultdict(set)
        for sequence in sequences:
            seen = defaultdict(list)
            for repository, file in sequence:
                seen[repository].append(file)
                kept[repository].add(file)
            for repository, files in seen.items():
                assert files == expected(files)
                places = [at for at, (other, _) in enumerate(sequence) if other == repository]
                assert places == list(range(places[0], places[-1] + 1)), (
                    "the repository's files are neighbours"
                )
        neighbours = sum(len(files) for files in kept.values()) / len(sequences)
        assert neighbours > 1.5, "sequences hold several files"
        assert max(len({repository for repository, _ in sequence}) for sequence in sequences) > 1


def test_the_same_tokens_without_together(folder: Path, massivetext_here) -> None:
    """The epochs, the hold-out and the concatenated packing go by whole repositories, and every promise holds."""
    out, sequences = mixed(
        folder, massivetext_here, "more", packing="concatenate", tokens=12_000, more=", validation: 0.2"
    )
    assert verify(str(out)) == []
    rows = pq.read_table(out / "shards/validation/index.parquet").to_pylist()
    held = {id_ for row in rows for id_ in row["document_ids"]}
    assert held
    repositories = defaultdict(set)
    for path in (out / "documents").rglob("*.parquet"):
        for row in pq.read_table(path, columns=["id", "origin_file"], partitioning=None).to_pylist():
            repositories[row["origin_file"]].add(row["id"] in held)
    assert sum(is_held == {True} for is_held in repositories.values()) > 0
    assert json.loads((out / "report/stats.json").read_text())["mix"]["sources"][0]["given"] == 12_000
    assert sequences


def test_a_column_that_is_not_there_is_told(folder: Path, massivetext_here) -> None:
    (folder / "wrong.yaml").write_text(
        CONFIG.format(seed=1, order="path", tokens="all", packing="best_fit", more="").replace(
            "origin_file", "repo"
        )
    )
    done = massivetext_here("check", "wrong.yaml", cwd=folder)
    assert done.returncode == 2
    assert "sources.code.together.by: documents have no column `repo`: expected origin_file" in done.stderr

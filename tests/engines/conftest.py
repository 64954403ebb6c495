"""Fixtures of the tests of engines: a small corpus, its output on the local runner, and a Flink cluster."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from tests.engines.flink import cluster

# All that must not depend on the engine. The rest are times and costs.
FOLDERS = (
    "documents", "verdicts", "failed", "duplicates", "contaminated", "tokenizer", "tokens", "shards",
)  # fmt: skip


@pytest.fixture(scope="session")
def configuration(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled sample without its largest files. It has each source and each special case."""
    folder = tmp_path_factory.mktemp("engines") / "sample"
    large = shutil.ignore_patterns("crawl-00.warc.gz", "moby-dick*", "c4-01.json")
    shutil.copytree(sample, folder, ignore=large)
    path = folder / "massivetext.yaml"
    changed = yaml.safe_load(path.read_text())
    changed["tokenizer"]["train"]["vocabulary"] = 2000
    changed["mix"]["tokens"] = 3e5
    path.write_text(yaml.safe_dump(changed))
    return path


@pytest.fixture(scope="session")
def expected(configuration: Path, tmp_path_factory: pytest.TempPathFactory, massivetext) -> dict[str, str]:
    """The hashes of every output file on the local runner, in one process."""
    out = tmp_path_factory.mktemp("engines") / "out"
    done = massivetext("run", str(configuration), "--output", str(out), "--direct_running_mode=in_memory")
    assert done.returncode == 0, done.stderr
    found = _hashes(out)
    assert {path.split("/")[0] for path in found} == set(FOLDERS)
    return found


@pytest.fixture(scope="session")
def flink() -> Iterator[list[str]]:
    """The options with which a run uses a running Flink cluster."""
    cluster.up()
    yield (cluster.STATE / "options").read_text().split()
    cluster.down()


@pytest.fixture(scope="session")
def prism() -> list[str]:
    """The options with which a run uses Prism."""
    return ["--runner=PrismRunner", f"--prism_location={cluster.ROOT.parent / 'prism/prism'}"]


@pytest.fixture(scope="session")
def portable() -> list[str]:
    """The options with which a run uses Beam's own job server, which can start containers."""
    return ["--runner=PortableRunner", "--job_endpoint=embed"]


@pytest.fixture(scope="session")
def two_processes() -> list[str]:
    """The options with which a run uses two processes of the local runner."""
    return ["--direct_running_mode=multi_processing", "--direct_num_workers=2"]


@pytest.fixture(scope="session")
def hashes() -> Callable[[Path], dict[str, str]]:
    """Returns the SHA-256 of every output file, by its path."""
    return _hashes


def _hashes(out: Path) -> dict[str, str]:
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in FOLDERS
        for path in sorted((out / folder).rglob("*"))
        if path.is_file()
    }

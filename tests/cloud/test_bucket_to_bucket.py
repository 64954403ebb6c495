"""The demo from bucket to bucket gives the bytes that it gives on a disk."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

MADE = ("contaminated", "documents", "duplicates", "failed", "shards", "tokenizer", "tokens", "verdicts")
STORES = ("gcp_storage_emulator", "moto")
CHANGES = {
    "formats: [megatron, parquet]": "formats: [array_record, mds, megatron, parquet]",
    "language:      {": "language:      {model: lid.ftz, ",
    "sequence_length: 512,": "sequence_length: 512, shard_tokens: 1000000,",
}


@pytest.fixture(scope="session")
def inputs(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with every format, and a language model of its own beside it."""
    folder = tmp_path_factory.mktemp("cloud") / "in"
    shutil.copytree(sample, folder)
    shutil.copy(sample.parents[1] / "filters/models/lid.176.ftz", folder / "lid.ftz")
    config = folder / "massivetext.yaml"
    for old, new in CHANGES.items():
        assert config.read_text().count(old) == 1
        config.write_text(config.read_text().replace(old, new))
    return folder


@pytest.fixture(scope="session")
def on_disk(inputs: Path, massivetext_here) -> dict[str, bytes]:
    if not any(map(find_spec, STORES)):  # this comes before `store`, which is for one test
        pytest.skip("needs a stand-in of an object store: `make test-cloud`")
    out = inputs.parent / "out"
    done = massivetext_here("run", str(inputs / "massivetext.yaml"), "--output", str(out))
    assert done.returncode == 0, done.stderr
    paths = [path for folder in MADE for path in (out / folder).rglob("*") if path.is_file()]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}


def _made(store, folder: str) -> dict[str, bytes]:
    return {name: data for name, data in store.get(folder).items() if name.split("/")[0] in MADE}


def test_the_demo_from_bucket_to_bucket(store, inputs: Path, on_disk, massivetext):
    store.put(inputs, "in")
    config, out = f"{store.url}/in/massivetext.yaml", f"{store.url}/out"

    done = massivetext("run", config, "--output", out, *store.options)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"{out}/report/index.html"
    assert _made(store, "out") == on_disk
    assert store.get("out/.temporary") == {}

    done = massivetext("verify", out, *store.options)
    assert (done.returncode, done.stdout.strip()) == (0, f"{out}: every promise holds")
    done = massivetext("inspect", out, "--removed-by", "exact", "-n", "1", *store.options)
    assert "exact" in done.stdout, done.stderr
    done = massivetext("inspect", out, "--sequence", "0:0", *store.options)
    assert "read from" in done.stdout, done.stderr
    done = massivetext("plan", "--parameters", "1e6", "--output", out, *store.options)
    assert done.returncode == 0, done.stderr

    # A stage goes on from its finished parts, and nothing is done twice.
    store.connect()
    from massivetext.pipeline.storage import files, sealed

    state = sealed.read(f"{out}/manifest.json")
    for stage in ("tokenize", "mix", "report"):
        del state["stages"][stage]
    sealed.write(out, "manifest.json", state)
    lost, other, *_ = (path for path, _ in files.match(f"{out}/.work/tokenize/part-*.json"))
    _delete(lost)
    lost, other = (path.rpartition("/")[2].removesuffix(".json") for path in (lost, other))
    store.requests.seen.clear()
    done = massivetext("run", config, "--output", out, *store.options, "--direct_running_mode=in_memory")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("is finished already") == 4
    written = [line for line in store.requests.seen if line.split(" ")[0] in ("PUT", "POST")]
    assert any("tokens" in line and lost in line for line in written)
    assert not [line for line in written if "tokens" in line and other in line]
    assert _made(store, "out") == on_disk


def _delete(path: str) -> None:
    from massivetext.pipeline.storage import object_store

    object_store.delete(path)


def test_a_package_that_is_missing_is_named(inputs: Path, massivetext, monkeypatch: pytest.MonkeyPatch):
    """Python without site-packages of the extras: a finder that knows of neither."""
    (inputs.parent / "sitecustomize.py").write_text(
        "import importlib.util as u\n"
        "find = u.find_spec\n"
        "u.find_spec = lambda name, *p: None if name in ('boto3', 'google.cloud.storage') else find(name, *p)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(inputs.parent), prepend=":")
    config = str(inputs / "massivetext.yaml")
    for scheme, extra in (("gs", "gcp"), ("s3", "aws")):
        where = ("--output", f"{scheme}://bucket/out", "--direct_running_mode=in_memory")
        done = massivetext("run", config, *where)
        assert done.returncode == 2
        assert f"pip install '.[{extra}]'" in done.stderr

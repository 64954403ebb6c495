"""The demo from bucket to bucket gives the bytes that it gives on a disk."""

from pathlib import Path

import pytest

from tests.cloud.conftest import MADE


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
    store.requests.named.clear()
    done = massivetext("run", config, "--output", out, *store.options, "--direct_running_mode=in_memory")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("is finished already") == 4
    written = [
        line
        for line in [*store.requests.seen, *store.requests.named]
        if line.split(" ")[0] in ("PUT", "POST")
    ]
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

"""One writer for an output in an object store: a second command is told who writes, one that reads is not held up."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.runtime import lock
from massivetext.pipeline.storage import files, layout
from massivetext.pipeline.storage.output import Output
from tests.cloud.conftest import Store
from tests.conftest import Command

CONFIG = """\
sources: {c4: {kind: text, paths: ["*.jsonl"], weight: 1}}
language: {sources: []}
tokenizer: {train: {vocabulary: 512}}
mix: {tokens: 8, sequence_length: 8}
"""
DOCUMENT = '{"text": "the one document of this corpus, which has a few words"}\n'
SAID = {"token": "t", "command": "mix", "host": "elsewhere", "process": 7, "process_began": "1", "began": 0.0}


@pytest.mark.parametrize("command", ["run", "report", "withdraw", "verify", "inspect"])
def test_a_second_command_beside_a_run(
    store: Store, tmp_path: Path, massivetext_here: Command, command: str
) -> None:
    out = f"{store.url}/locked-{command}"
    (tmp_path / "a.jsonl").write_text(DOCUMENT)
    (tmp_path / "c.yaml").write_text(CONFIG)
    (tmp_path / "ids").write_text("0" * 32 + "\n")
    config = [str(tmp_path / "c.yaml"), "--output", out]
    done = massivetext_here("run", *config, *store.options)
    assert done.returncode == 0, done.stderr
    typed = {"withdraw": [out, "--ids", str(tmp_path / "ids")], "verify": [out], "inspect": [out]}
    with lock.held(out, "run"):
        done = massivetext_here(command, *typed.get(command, config), *store.options)
        if command in ("verify", "inspect"):
            assert done.returncode == 0, done.stderr
        else:
            assert done.returncode == 2, done.stderr
            assert f"{out} is being written by `massivetext run` (process {os.getpid()} on " in done.stderr
    assert not files.exists(f"{out}/{layout.LOCK}")


def test_of_many_at_once_one_gets_it(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        written = list(
            pool.map(lambda n: files.put_new(f"{store.url}/race/.lock", str(n).encode()), range(8))
        )
    assert sum(written) == 1
    assert files.read_bytes(f"{store.url}/race/.lock") == str(written.index(True)).encode()


def test_a_dead_holder_is_taken_over_and_writes_no_more(store: Store) -> None:
    out = f"{store.url}/taken"
    with lock.held(out, "run") as holder:
        output = Output(out, holder.check)
        files.write_bytes(out, layout.LOCK, json.dumps({**SAID, "renewed": time.time()}).encode())
        with (
            pytest.raises(lock.TakenOverError, match="process 7 on elsewhere"),
            output.file("after") as stream,
        ):
            stream.write(b"1")
        with pytest.raises(ConfigError, match="process 7 on elsewhere"), lock.held(out, "run"):
            pass
        files.write_bytes(out, layout.LOCK, json.dumps({**SAID, "renewed": time.time() - 1000}).encode())
        with lock.held(out, "run"):
            pass
    assert files.match(f"{out}/**") == []

"""After `filters.compile` a run compiles nothing: a worker that did would waste a minute, on every machine."""

import json
import os
import subprocess
import sys
from pathlib import Path

import yaml

SCRIPT = """
import json, sys
import massivetext.filters.compile, massivetext.pipeline.cli
from massivetext.filters.kernels.kernel import Kernel

def compiled():
    return {
        f"{module}.{name}{signature}"
        for module, loaded in list(sys.modules.items()) if module.startswith("massivetext.filters.")
        for name, found in vars(loaded).items()
        if isinstance(found, Kernel) and found.__module__ == module and "made" in vars(found)
        for signature in found.made.signatures
    }

massivetext.filters.compile.main()
before = compiled()
massivetext.pipeline.cli.main(sys.argv[1:], standalone_mode=False)
print(json.dumps([len(before), sorted(compiled() - before)]))
"""


def test_a_run_compiles_nothing_new(sample: Path, tmp_path: Path) -> None:
    """Neither compiled nor read from a cache: each kernel that a run calls is called by filters.compile, with
    arrays of the same types. All sources of the sample, with every option that measures more."""
    configuration = yaml.safe_load((sample / "massivetext.yaml").read_text())
    for source in configuration["sources"].values():
        source["paths"] = [str(sample / path) for path in source["paths"]]
    for test_set in configuration["decontaminate"]["test_sets"].values():
        test_set["path"] = str(sample / test_set["path"])
    configuration |= {
        "code_quality": {"sources": ["code"]},
        "characters": {"sources": ["web"]},
        "text": {"normalise": "nfc"},
        "mask": {"kinds": ["email", "ip", "phone"]},
        "tokenizer": {"train": {"vocabulary": 1000, "sample_bytes": 200_000}},
    }
    configuration["mix"] |= {"tokens": 1e5, "validation": 0.05, "max_epochs": 40}
    path = tmp_path / "massivetext.yaml"
    path.write_text(yaml.safe_dump(configuration))
    command = [sys.executable, "-c", SCRIPT, "run", str(path), "--output", str(tmp_path / "out")]
    done = subprocess.run(
        [*command, "--direct_running_mode=in_memory"],
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    count, new = json.loads(done.stdout.splitlines()[-1])
    assert count > 20
    assert new == []

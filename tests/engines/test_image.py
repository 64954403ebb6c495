"""The worker image. `make test-image` lints and builds it, and puts its name into IMAGE."""

import json
import os
import subprocess
from pathlib import Path

import pytest

IMAGE = os.environ.get("IMAGE", "")
CONTAINER = os.environ.get("CONTAINER", "docker")

pytestmark = pytest.mark.skipif(not IMAGE, reason="needs the worker image: make test-image")


def in_container(*arguments: str) -> str:
    """Returns the output of a command in the image, as an unknown user, on a read-only root and without a network."""
    locked = ("--read-only", "--network=none", "--user=4711:4711", "--tmpfs=/tmp", "--env=HOME=/nowhere")
    command = [CONTAINER, "run", "--rm", *locked, "--entrypoint", arguments[0], IMAGE, *arguments[1:]]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_no_worker_compiles_a_kernel():
    """The image's cache holds all kernels: it has no new file after all of them ran."""
    script = (
        "import tempfile, pathlib, filters.compile as c, filters.kernels.kernel as k\n"
        "c.main()\n"
        "copy = {p.name for p in k.cache_folder().rglob('*.nb?')}\n"
        "built = {p.name for p in (k._BESIDE / 'kernels').rglob('*.nb?')}\n"
        "print(len(copy), len(copy - built))\n"
    )
    count, new = in_container("python", "-c", script).split()
    assert int(count) > 50
    assert new == "0"


def test_the_packages_are_listed():
    listed = in_container("cat", "/opt/massivetext/packages.txt")
    assert "apache-beam==" in listed
    assert "massivetext" in listed
    bill = json.loads(in_container("cat", "/opt/massivetext/bom.json"))
    named = {part["purl"].partition("@")[0] for part in bill["components"]}
    assert {"pkg:pypi/apache-beam", "pkg:pypi/massivetext", "pkg:deb/debian/libc6"} <= named


@pytest.mark.parametrize("engine", ["portable", "flink"])
def test_the_same_bytes_in_containers(
    engine: str,
    share_with_containers,
    request: pytest.FixtureRequest,
    configuration: Path,
    expected,
    hashes,
    tmp_path: Path,
    massivetext,
):
    """Workers run as another user than the command, and both must be able to write the output."""
    out = tmp_path / "out"
    out.mkdir()
    out.chmod(0o777)
    share_with_containers([configuration.parent, out])
    options = [each for each in request.getfixturevalue(engine) if not each.startswith("--environment")]
    options += ["--environment_type=DOCKER", f"--environment_config={IMAGE}"]
    before = os.umask(0)
    try:
        done = massivetext("run", str(configuration), "--output", str(out), *options)
    finally:
        os.umask(before)
    assert done.returncode == 0, done.stderr
    assert hashes(out) == expected

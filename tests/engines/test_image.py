"""The worker image on Flink: `make test-image`, which lints it, builds it and says its name in IMAGE."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from engines.flink import cluster

IMAGE = os.environ.get("IMAGE", "")
CONTAINER = os.environ.get("CONTAINER", "docker")

pytestmark = pytest.mark.skipif(not IMAGE, reason="needs the worker image: make test-image")


def in_container(*arguments: str) -> str:
    """What a command says in the image as a user unknown to it, on a read-only root, without a network."""
    locked = ("--read-only", "--network=none", "--user=4711:4711", "--tmpfs=/tmp", "--env=HOME=/nowhere")
    command = [CONTAINER, "run", "--rm", *locked, "--entrypoint", arguments[0], IMAGE, *arguments[1:]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_no_worker_compiles_a_kernel():
    """A cache that holds all has no new file after all kernels ran."""
    script = (
        "import tempfile, pathlib, filters.compile as c, filters.kernel as k\n"
        "c.main()\n"
        "copy = {p.name for p in k._cache_folder().rglob('*.nb?')}\n"
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


@pytest.fixture
def flink_with_containers(configuration: Path, tmp_path: Path) -> Iterator[list[str]]:
    """Options of a cluster whose containers see the corpus and a folder for the output."""
    mounts = [str(configuration.parent), str(tmp_path)]
    settings = Path(os.environ["CONTAINERS_CONF"]).read_text() if "CONTAINERS_CONF" in os.environ else ""
    shared = tmp_path / "containers.conf"
    volumes = ",".join(f'"{mount}:{mount}"' for mount in mounts)
    if "volumes=[" not in settings:
        settings = (
            settings.replace("[containers]", "[containers]\nvolumes=[]") or "[containers]\nvolumes=[]\n"
        )
    shared.write_text(settings.replace("volumes=[", f"volumes=[{volumes},"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONTAINERS_CONF", str(shared))  # the task managers inherit it
        cluster.up()
        options = (cluster.STATE / "options").read_text().split()
        yield [option for option in options if not option.startswith("--environment")]
        cluster.down()


def test_the_same_bytes_in_containers(
    flink_with_containers: list[str], configuration: Path, expected, hashes, tmp_path: Path, massivetext
):
    """Workers are another user than the command: both must be able to write the output."""
    out = tmp_path / "out"
    for folder in (tmp_path, configuration.parent, *tmp_path.parents[:2], *configuration.parents[1:3]):
        folder.chmod(0o777)
    before = os.umask(0)
    try:
        environment = ("--environment_type=DOCKER", f"--environment_config={IMAGE}")
        done = massivetext(
            "run", str(configuration), "--output", str(out), *flink_with_containers, *environment
        )
    finally:
        os.umask(before)
    assert done.returncode == 0, done.stderr
    assert hashes(out) == expected

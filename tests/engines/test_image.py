"""The worker image on Flink: `make test-image`, which lints it, builds it and says its name in IMAGE."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.flink import cluster

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
    """Options of a cluster whose containers see the corpus and a folder for the output, under podman."""
    if "podman" not in CONTAINER:
        pytest.skip("Flink mounts nothing into its containers: only podman can be told to (CONTAINER=podman)")
    given = os.environ.get("CONTAINERS_CONF")
    settings = Path(given).read_text() if given else "[containers]\n"
    mounts = ",".join(f'"{path}:{path}"' for path in (configuration.parent, tmp_path))
    if "volumes=[" not in settings:
        settings = settings.replace("[containers]\n", "[containers]\nvolumes=[]\n")
    shared = tmp_path / "containers.conf"
    shared.write_text(settings.replace("volumes=[", f"volumes=[{mounts},"))
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/docker").symlink_to(str(shutil.which(CONTAINER)))
    with pytest.MonkeyPatch.context() as patch:  # the task managers inherit it
        patch.setenv("CONTAINERS_CONF", str(shared))
        patch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
        cluster.up()
        options = (cluster.STATE / "options").read_text().split()
        yield [option for option in options if not option.startswith("--environment")]
        cluster.down()


def test_the_same_bytes_in_containers(
    flink_with_containers: list[str], configuration: Path, expected, hashes, tmp_path: Path, massivetext
):
    """Workers are another user than the command: both must be able to write the output."""
    tmp_path.chmod(0o777)
    before = os.umask(0)
    try:
        options = [*flink_with_containers, "--environment_type=DOCKER", f"--environment_config={IMAGE}"]
        done = massivetext("run", str(configuration), "--output", str(tmp_path / "out"), *options)
    finally:
        os.umask(before)
    assert done.returncode == 0, done.stderr
    assert hashes(tmp_path / "out") == expected

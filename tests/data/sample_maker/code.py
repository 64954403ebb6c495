"""code/: source distributions."""

import re
from pathlib import Path

from sample_maker.files import tarred, write, zipped, zst
from sample_maker.packages import NPM, SDIST


def code(downloads: Path) -> None:
    """Source distributions: as published where small, else repacked in other formats."""
    for name in ("async_timeout", "colorama", "html2text", "shellingham", "tomli"):
        archive = f"{name}-{SDIST[name]}.tar.gz"
        write(f"code/{archive}", (downloads / archive).read_bytes())
    lifecycle = f"npm-lifecycle-{NPM['npm-lifecycle']}"
    write(f"code/{lifecycle}.tar.gz", (downloads / f"{lifecycle}.tgz").read_bytes())
    nacl = f"tweetnacl-{NPM['tweetnacl']}"
    files = tree(downloads / "tweetnacl/package", r".*")
    write(f"code/{nacl}.zip", zipped({f"{nacl}/{name}": content for name, content in files.items()}))
    asn1 = f"pyasn1-{SDIST['pyasn1']}"
    files = tree(downloads / f"pyasn1/{asn1}", r"(pyasn1/(type|compat)/.*\.py|[^/]*\.(rst|md|py|toml))")
    write(f"code/{asn1}.tar.zst", zst(tarred({f"{asn1}/{name}": content for name, content in files.items()})))
    unlicensed = {
        "README.md": b"# nolicence\n\nA repository that does not say under which licence it stands.\n",
        "nolicence.py": b'def add(a, b):\n    """The sum of two numbers."""\n    return a + b\n',
    }
    write(
        "code/nolicence-0.1.zip", zipped({f"nolicence-0.1/{n}": content for n, content in unlicensed.items()})
    )


def tree(folder: Path, pattern: str) -> dict[str, bytes]:
    """The files below a folder whose path in it matches, sorted by path."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: path.read_bytes() for name, path in names.items() if re.fullmatch(pattern, name)}

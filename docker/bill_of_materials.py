"""Writes what an image holds as a bill of materials, in CycloneDX's JSON: python bill_of_materials.py > bom.json."""

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path
from urllib.parse import quote

_DEBIAN = "${binary:Package}\t${Version}\t${Architecture}\n"


def components() -> Iterator[dict[str, object]]:
    """Every package of this Python, and every package of the Debian below."""
    found = {each.metadata["Name"].lower().replace("_", "-"): each for each in distributions()}
    for name in sorted(found):
        yield _python(name, found[name])
    if Path("/usr/bin/dpkg-query").exists():
        command = ["/usr/bin/dpkg-query", "--show", f"--showformat={_DEBIAN}"]
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        for line in listed.splitlines():
            name, version, architecture = line.split("\t")
            name = name.partition(":")[0]
            purl = f"pkg:deb/debian/{quote(name)}@{quote(version)}?arch={architecture}"
            yield {"type": "library", "name": name, "version": version, "purl": purl, "bom-ref": purl}


def _python(name: str, package: Distribution) -> dict[str, object]:
    purl = f"pkg:pypi/{quote(name)}@{quote(package.version)}"
    told = package.metadata.get("License-Expression") or package.metadata.get("License") or ""
    licence = told.strip().splitlines()[0] if told.strip() else None
    known = {"licenses": [{"license": {"name": licence}}]} if licence else {}
    return {
        "type": "library",
        "name": name,
        "version": package.version,
        "purl": purl,
        "bom-ref": purl,
        **known,
    }


def main() -> None:
    """Write the bill to standard output."""
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {"type": "container", "name": "massivetext-worker", "bom-ref": "massivetext-worker"}
        },
        "components": list(components()),
    }
    json.dump(bill, sys.stdout, indent=1)


if __name__ == "__main__":
    main()

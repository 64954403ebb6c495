"""The bill of materials names what is installed."""

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.paths import ROOT


def test_every_package_is_named_with_its_version():
    script = ROOT / "docker/bill_of_materials.py"
    bill = json.loads(subprocess.run([sys.executable, script], capture_output=True, check=True).stdout)
    found = {part["purl"]: part for part in bill["components"]}
    assert (bill["bomFormat"], len(found)) == ("CycloneDX", len(bill["components"]))
    assert f"pkg:pypi/numpy@{version('numpy')}" in found
    assert f"pkg:pypi/apache-beam@{version('apache-beam')}" in found
    if not Path("/usr/bin/dpkg-query").exists():
        pytest.skip("this is no Debian: its packages are not looked at")
    assert any(purl.startswith("pkg:deb/debian/libc6@") for purl in found)


def test_the_image_is_made_with_its_bill_and_from_a_base_that_can_be_pinned():
    """An argument gives the base, so that it can be named by digest, and nothing else is fetched by name."""
    for name in ("Dockerfile", "Dockerfile.flex"):
        lines = (ROOT / "docker" / name).read_text().splitlines()
        bases = [line.split()[1] for line in lines if line.startswith("FROM")]
        assert all(base.startswith("${") for base in bases), name
    assert "bill_of_materials.py > /opt/massivetext/bom.json" in (ROOT / "docker/Dockerfile").read_text()

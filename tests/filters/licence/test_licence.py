import json
import lzma

import pyarrow as pa
import pytest

from massivetext.filters.licence.licence import (
    KEPT,
    UNKNOWN,
    identify,
    identify_header,
    join,
    normalise,
    permit,
    permitted,
)
from massivetext.filters.licence.licence_metadata import declared
from tests.paths import ROOT

TEXTS = json.loads(lzma.decompress((ROOT / "tests/data/licences/texts.json.xz").read_bytes()))
SPDX: dict[str, str] = TEXTS["spdx"]
PACKAGES: dict[str, dict[str, str]] = TEXTS["packages"]
# The file of the LGPL 3 holds the GPL, to which it adds permissions.
STATED = {licence: licence for licence in SPDX} | {"LGPL-3.0-only": "GPL-3.0-only AND LGPL-3.0-only"}


@pytest.mark.parametrize("licence", sorted(SPDX))
def test_licence_texts_are_identified(licence: str) -> None:
    assert identify(SPDX[licence]) == STATED[licence]
    assert permitted(STATED[licence]) == (licence in KEPT)


@pytest.mark.parametrize("licence", sorted(SPDX))
def test_reflowed_texts_with_other_copyright_lines_are_identified(licence: str) -> None:
    words = SPDX[licence].replace("<year>", "1999-2024").replace("<copyright holders>", "A. Body").split()
    reflowed = "\n".join(" ".join(words[i : i + 9]) for i in range(0, len(words), 9))
    owner = "Copyright (c) 2011, 2012 by Some Body <some@body.example>"
    assert identify(f"{owner}\n\n{reflowed}") == STATED[licence]


@pytest.mark.parametrize("name", sorted(PACKAGES))
def test_licence_files_of_packages(name: str) -> None:
    assert identify(PACKAGES[name]["text"]) == PACKAGES[name]["licence"]


def test_the_texts_are_at_least_forty() -> None:
    assert len(SPDX) >= 40
    assert set(SPDX) > KEPT


@pytest.mark.parametrize(
    "restriction",
    [
        "This software is for non-commercial use only.",
        '"Commons Clause" License Condition v1.0: the License does not let you Sell the Software.',
    ],
)
def test_a_restriction_added_to_a_licence_is_not_understood(restriction: str) -> None:
    assert identify(f"{restriction}\n\n{SPDX['MIT']}") is None


def test_part_of_a_text_is_no_licence() -> None:
    assert identify(SPDX["MIT"][:400]) is None
    assert identify("This project is about licences. " * 60 + SPDX["MIT"]) is None
    assert identify("") is None


def test_several_texts_in_one_file() -> None:
    both = f"{SPDX['MIT']}\n\n{SPDX['GPL-2.0-only']}"
    assert identify(both) == "GPL-2.0-only AND MIT"
    assert identify(f"This program is dual-licensed, at your choice.\n\n{both}") == "GPL-2.0-only OR MIT"


@pytest.mark.parametrize(
    ("comment", "licence"),
    [
        ("# SPDX-License-Identifier: MIT", "MIT"),
        ("/* SPDX-License-Identifier: (GPL-2.0+ OR BSD-2-Clause) */", "GPL-2.0-or-later OR BSD-2-Clause"),
        (
            "<!-- SPDX-License-Identifier: apache-2.0 with llvm-exception -->",
            "Apache-2.0 WITH LLVM-exception",
        ),
        ("// SPDX-License-Identifier: MIT\n// SPDX-License-Identifier: GPL-3.0-only", "GPL-3.0-only AND MIT"),
        ("# SPDX-License-Identifier: Our own", UNKNOWN),
        ("# SPDX-License-Identifier:", UNKNOWN),
        ("# Released under the MIT license.", "MIT"),
        ("# License: BSD 3 clause", "BSD-3-Clause"),
        ("/** @license MIT */", "MIT"),
        ("// Licensed under the Apache 2.0 license.", "Apache-2.0"),
        ("# Dual licensed under the MIT or GPL Version 2 licenses.", "GPL-2.0-only OR MIT"),
        ("# This file is licensed under the GPL v2, see COPYING", "GPL-2.0-only"),
        ("# under the GNU General Public License v3 or later", "GPL-3.0-or-later"),
        ("# License: LGPLv2.1", "LGPL-2.1-only"),
        ("# GNU Affero General Public License", "AGPL-3.0-or-later"),
        ("// governed by a BSD-style license that can be found in the LICENSE file", None),
        ("# An MIT-style license applies, see LICENSE", None),
        ("# Reads tables from the MIT archive.", None),
        ("# Copyright 2020 Some Body. All rights reserved.", None),
        ("", None),
    ],
)
def test_headers(comment: str, licence: str | None) -> None:
    assert identify_header(comment) == licence


@pytest.mark.parametrize("licence", ["MIT", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Zlib", "BSD-4-Clause"])
def test_headers_that_hold_the_whole_text(licence: str) -> None:
    comment = "\n".join(f" * {line}" for line in ["What this file does.", *SPDX[licence].splitlines()])
    assert identify_header(comment) == licence


@pytest.mark.parametrize(
    ("expression", "verdict"),
    [
        ("MIT", True),
        ("mit", True),
        ("GPL-3.0-only", False),
        ("GPL-2.0 OR MIT", True),
        ("GPL-2.0-only OR LGPL-2.1-only", False),
        ("MIT AND ISC", True),
        ("MIT AND GPL-2.0-or-later", False),
        ("MIT AND (ISC OR GPL-3.0-only)", True),
        ("(MIT AND GPL-3.0-only) OR (ISC AND Zlib)", False),
        ("MIT OR GPL-2.0-only AND Zlib", True),  # AND binds tighter
        ("Apache-2.0 WITH LLVM-exception", True),
        ("GPL-2.0-only WITH Classpath-exception-2.0", False),
        ("MIT WITH something", False),
        ("Apache-2.0+", True),
        ("BSD-3-Clause-Clear", False),
        ("MIT-0", False),
        ("X11", False),
        ("LicenseRef-MIT", False),
        (UNKNOWN, False),
        ("NOASSERTION", False),
        ("UNLICENSED", False),
        ("Unlicense", True),
        ("", False),
        ("MIT OR", False),
        ("(" * 5000, False),
        ("MIT OR " * 5000 + "MIT", False),
    ],
)
def test_permitted(expression: str, verdict: bool) -> None:
    assert permitted(expression) is verdict


def test_permitted_with_another_set() -> None:
    assert permitted("Zlib", frozenset({"Zlib"}))
    assert not permitted("MIT", frozenset({"Zlib"}))


def test_permit() -> None:
    licences = pa.array(["MIT", None, "GPL-2.0-only", "MIT", "MIT OR GPL-2.0-only"])
    assert permit(licences).to_pylist() == [True, False, False, True, True]
    assert permit(licences[1:3]).to_pylist() == [False, False]
    assert permit(pa.array([None, None], pa.string())).to_pylist() == [False, False]
    assert permit(pa.array([], pa.string())).type == pa.bool_()


def test_join_and_normalise() -> None:
    assert join(["MIT", "ISC OR Zlib", "MIT"]) == "(ISC OR Zlib) AND MIT"
    assert join([]) is None
    assert normalise("gpl-2.0+") == "GPL-2.0-or-later"
    assert normalise("Nothing-1.0") is None


@pytest.mark.parametrize(
    ("name", "text", "licence"),
    [
        ("package.json", '{"license": "(MIT OR GPL-3.0)"}', "MIT OR GPL-3.0-only"),
        ("package.json", '{"license": {"type": "ISC", "url": "x"}}', "ISC"),
        ("package.json", '{"licenses": [{"type": "MIT"}, {"type": "GPL-2.0"}]}', "GPL-2.0-only OR MIT"),
        ("package.json", '{"license": "UNLICENSED"}', UNKNOWN),
        ("package.json", '{"license": "SEE LICENSE IN x"}', UNKNOWN),
        ("package.json", '{"name": "x"}', None),
        ("package.json", "{", UNKNOWN),
        ("package.json", "[" * 100_000, UNKNOWN),
        ("Cargo.toml", '[package]\nlicense = "MIT/Apache-2.0"', "Apache-2.0 OR MIT"),
        ("Cargo.toml", "[package]\nlicense.workspace = true", None),
        ("pyproject.toml", '[project]\nlicense = "BSD-2-Clause"', "BSD-2-Clause"),
        ("pyproject.toml", '[project]\nlicense = {text = "MIT License"}', "MIT"),
        ("pyproject.toml", '[project]\nlicense = {file = "LICENSE"}', None),
        ("pyproject.toml", '[tool.poetry]\nlicense = "ISC"', "ISC"),
        (
            "pyproject.toml",
            '[project]\nclassifiers = ["License :: OSI Approved :: Apache Software License"]',
            "Apache-2.0",
        ),
        ("pyproject.toml", "= =", UNKNOWN),
        ("PKG-INFO", "Name: x\nLicense-Expression: MIT AND ISC\n\nLicense: GPL-3.0-only", "MIT AND ISC"),
        ("PKG-INFO", "Name: x\nLicense: BSD\n", UNKNOWN),
        ("METADATA", "Name: x\nLicense: foo\nClassifier: License :: OSI Approved :: MIT License\n", "MIT"),
        ("setup.cfg", "[metadata]\nlicense = Apache License 2.0\n", "Apache-2.0"),
        ("setup.cfg", "[metadata]\nname = x\n", None),
        (
            "debian/copyright",
            "Format: x\n\nFiles: *\nLicense: Expat\n text\n\nFiles: a\nLicense: GPL-2+\n\n"
            "Files: debian/*\nLicense: ISC\n",
            "GPL-2.0-or-later AND MIT",
        ),
        ("debian/copyright", "This package was debianised by", None),
    ],
)
def test_metadata(name: str, text: str, licence: str | None) -> None:
    assert declared(name, text) == licence


@pytest.mark.parametrize(
    "unit",
    [
        "licensed under ",
        "license: ",
        "(",
        "copyright ",
        "general public license ",
        "SPDX-License-Identifier: MIT AND\n",
        "http://a.org/",
        "Permission is hereby granted, free of charge, ",
    ],
)
def test_adversarial_texts_end(unit: str) -> None:
    """What takes quadratic time would take hours."""
    text = unit * ((1 << 18) // len(unit))
    assert identify(text) is None
    assert permitted(identify_header(text) or "") is False

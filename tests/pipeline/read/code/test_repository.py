import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable

import pytest
import zstandard

from massivetext.filters.licence.licence import UNKNOWN
from massivetext.pipeline.read.code.repository import read
from massivetext.pipeline.read.code.source_file import leading_comment
from massivetext.pipeline.read.record import Failure, Found, Input, Record, Skipped
from massivetext.pipeline.read.settings import Limits
from tests.paths import SAMPLE

CODE_SAMPLE = SAMPLE / "code"
MIT = """Copyright (c) 2020 Some Body

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES
OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""
ISC = """Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee
is hereby granted, provided that the above copyright notice and this permission notice appear in all
copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS
SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE
AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE
OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS
SOFTWARE.
"""
Files = dict[str, str | bytes]


def tar(files: Files) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            header = tarfile.TarInfo(name)
            content = content.encode() if isinstance(content, str) else content
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
    return buffer.getvalue()


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def everything(content: bytes, limits: Limits = Limits()) -> list[Found]:  # noqa: B008
    return list(read(Input("x", io.BytesIO(content), limits)))


def documents(content: bytes, limits: Limits = Limits()) -> list[Record | Failure]:  # noqa: B008
    return [each for each in everything(content, limits) if not isinstance(each, Skipped)]


def licences(files: Files) -> dict[str | None, str | None]:
    found = documents(tar(files))
    assert not [each for each in found if isinstance(each, Failure)]
    return {each.title: each.licence for each in found if isinstance(each, Record)}


def titles(files: Files) -> list[str | None]:
    return list(licences(files))


@pytest.mark.parametrize(
    "pack",
    [
        tar,
        lambda files: gzip.compress(tar(files)),
        lambda files: bz2.compress(tar(files)),
        lambda files: lzma.compress(tar(files)),
        lambda files: zstandard.compress(tar(files)),
        zipped,
        lambda files: zipped(files, zipfile.ZIP_STORED),
    ],
    ids=["tar", "gz", "bz2", "xz", "zst", "zip", "zip stored"],
)
def test_archives(pack: Callable[[Files], bytes]) -> None:
    found = documents(pack({"r/a.py": "print(1)\n", "r/b/c.c": "int x;\n", "r/LICENSE": MIT}))
    assert [each[1:5] for each in found] == [
        ("print(1)\n", None, "r/a.py", "MIT"),
        ("int x;\n", None, "r/b/c.c", "MIT"),
    ]


def test_offsets_are_those_of_headers() -> None:
    plain = tar({"a.py": "a = 1\n" * 200, "LICENSE": MIT, "b.py": "b = 2\n"})
    for content in (plain, gzip.compress(plain)):
        found = documents(content)
        assert [plain[each.offset : each.offset + 5].rstrip(b"\0") for each in found] == [b"a.py", b"b.py"]
    archive = zipped({"a.py": "a = 1\n", "b.py": "b = 2\n"})
    assert [archive[each.offset + 30 : each.offset + 34] for each in documents(archive)] == [b"a.py", b"b.py"]


def test_a_stream_that_cannot_seek() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise io.UnsupportedOperation

    files: Files = {"a.py": "a = 1\n", "LICENSE": ISC}
    for content in (gzip.compress(tar(files)), zipped(files)):
        found = list(read(Input("x", Pipe(content))))
        assert [(each.title, each.licence) for each in found if isinstance(each, Record)] == [("a.py", "ISC")]


def test_the_nearest_folder_states_the_licence() -> None:
    found = licences(
        {
            "r/a.py": "1",
            "r/sub/b.py": "1",
            "r/sub/deep/c.py": "1",
            "r/other/d.py": "1",
            "r/none/e.py": "# SPDX-License-Identifier: GPL-3.0-only\n",
            "r/package.json": '{"license": "Zlib"}',
            "r/LICENSE": MIT,
            "r/sub/COPYING.txt": ISC,
            "r/other/Cargo.toml": '[package]\nlicense = "0BSD"',
            "s/f.py": "1",
        }
    )
    assert found == {
        "r/a.py": "MIT",
        "r/sub/b.py": "ISC",
        "r/sub/deep/c.py": "ISC",
        "r/other/d.py": "0BSD",
        "r/none/e.py": "GPL-3.0-only",
        "s/f.py": None,
    }


def test_several_licence_files() -> None:
    both: Files = {"LICENSE-MIT": MIT, "LICENSE-ISC": ISC, "a.py": "1"}
    assert licences(both) == {"a.py": "ISC AND MIT"}
    declared: Files = {"pyproject.toml": '[project]\nlicense = "MIT OR ISC"'}
    assert licences(both | declared) == {"a.py": "MIT OR ISC"}


def test_a_licence_file_that_is_not_understood() -> None:
    strange: Files = {"LICENSE": "You may look at it on Sundays.", "a.py": "1"}
    assert licences(strange) == {"a.py": UNKNOWN}
    assert licences(strange | {"package.json": '{"license": "MIT"}'}) == {"a.py": UNKNOWN}
    lengthened: Files = {"LICENSE": MIT + "Files in vendor have their own licences. " * 30, "a.py": "1"}
    assert licences(lengthened) == {"a.py": UNKNOWN}
    assert licences(lengthened | {"package.json": '{"license": "MIT"}'}) == {"a.py": "MIT"}
    assert licences(lengthened | {"package.json": '{"license": "ISC"}'}) == {"a.py": UNKNOWN}


def test_notices_count_only_where_there_is_nothing_else() -> None:
    assert licences({"NOTICE": MIT, "a.py": "1"}) == {"a.py": "MIT"}
    assert licences({"NOTICE": MIT, "LICENSE": ISC, "a.py": "1"}) == {"a.py": "ISC"}
    assert licences({"NOTICE": "This product includes software.", "a.py": "1"}) == {"a.py": None}


def test_a_page_about_the_licence_and_code_about_licences_are_no_licence_files() -> None:
    files: Files = {
        "LICENSE": MIT,
        "docs/license.rst": "Our licence\n",
        "docs/conf.py": "1",
        "license.py": "1",
    }
    assert licences(files) == {"docs/conf.py": "MIT", "license.py": "MIT"}


def test_what_is_left_out_is_skipped_and_counted() -> None:
    kept: Files = {"src/a.py": "1", "Makefile": "all:\n", "README.md": "# A\n", "b.JS": "var a\n"}
    left: dict[str, Files] = {
        "vendored": {"node_modules/x/a.js": "1", "src/vendor/a.go": "1", "third_party/a.c": "1"},
        "no source code by its name": {
            "package-lock.json": "{}",
            "data.csv": "1,2",
            "picture.png": b"\x89PNG",
            "inner.tar": tar({"a.py": "1"}),
        },
        "licence file or metadata": {"licence-mit.rst": MIT, "package.json": "{}"},
        "lock file": {"pnpm-lock.yaml": "a: 1"},
        "minified": {"a.min.js": "var a", "long.js": "x" * 200},
        "binary": {"binary.py": b"a\0b", "noise.c": bytes(range(1, 256)) * 9, "bin/wheel": b"#!/bin/sh\n\0"},
        "generated": {
            "generated.go": "// Code generated by protoc-gen-go. DO NOT EDIT.\npackage x\n",
            "generated.py": '"""\nThis file is automatically generated.\n"""\n',
            "generated.c": "/* @generated */\n",
        },
        "empty": {"empty.py": ""},
    }
    for kind, files in left.items():
        assert titles(files | kept) == list(kept)
        expected = [Skipped(kind, len(content)) for content in files.values()]
        assert everything(tar(files)) == everything(zipped(files)) == expected


def test_code_that_speaks_of_generating_is_kept() -> None:
    assert titles({"a.py": "# Tests for the generated code\nx = 'DO NOT EDIT'\n"}) == ["a.py"]


def test_utf16_and_byte_order_marks() -> None:
    found = documents(tar({"a.cs": "é".encode("utf-16"), "b.cs": "é".encode("utf-8-sig")}))
    assert [each.text for each in found if isinstance(each, Record)] == ["é", "é"]


def test_links_and_devices_are_skipped() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE):
            header = tarfile.TarInfo("a.py")
            header.type, header.linkname = kind, "/etc/passwd"
            archive.addfile(header)
    assert everything(buffer.getvalue()) == [Skipped("link or device", 0)] * 4


def test_names_that_are_no_utf8() -> None:
    (found,) = documents(tar({"a\udcff.py": "1"}))
    assert isinstance(found, Record)
    assert found.title == "a\ufffd.py"


def test_long_names() -> None:
    name = "d/" * 200 + "a.py"
    for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
            header = tarfile.TarInfo(name)
            header.size = 1
            archive.addfile(header, io.BytesIO(b"1"))
        assert [each.title for each in documents(buffer.getvalue()) if isinstance(each, Record)] == [name]


def test_members_over_the_limit_are_failures_and_reading_goes_on() -> None:
    files: Files = {"a.py": "a" * 5000, "b.py": "b"}
    for content in (tar(files), zipped(files)):
        first, second = documents(content, Limits(record_bytes=4096))
        assert isinstance(first, Failure)
        assert (first.size, "over the limit" in first.error) == (5000, True)
        assert isinstance(second, Record)


@pytest.mark.parametrize(
    "compress", [bytes, gzip.compress, lambda data: bz2.compress(data, 1), zstandard.compress]
)
def test_truncated_archives_keep_what_was_whole(compress: Callable[[bytes], bytes]) -> None:
    noise = "".join(f"x{i} = {i * 7919 % 10007}\n" for i in range(30_000))
    whole = compress(tar({"a.py": "1\n", "b.py": noise, "c.py": noise}))
    found = documents(whole[: len(whole) * 3 // 4])
    assert [each.title for each in found if isinstance(each, Record)][:1] == ["a.py"]
    assert isinstance(found[-1], Failure)
    assert sum(isinstance(each, Failure) for each in found) == 1


def test_a_bad_header_in_the_middle_is_a_failure() -> None:
    content = bytearray(tar({"a.py": "1", "b.py": "2", "c.py": "3"}))
    content[1024:1100] = b"\xff" * 76
    first, failure = documents(bytes(content))
    assert isinstance(first, Record)
    assert isinstance(failure, Failure)


def test_an_archive_without_its_end_is_a_failure() -> None:
    first, failure = documents(tar({"a.py": "1"})[:1024])
    assert isinstance(first, Record)
    assert isinstance(failure, Failure)


def test_a_damaged_zip_member_is_a_failure_and_reading_goes_on() -> None:
    content = bytearray(zipped({"a.py": "1" * 1000, "b.py": "2"}, zipfile.ZIP_STORED))
    content[200] ^= 1
    failure, second = documents(bytes(content))
    assert isinstance(failure, Failure)
    assert "a.py" in failure.error
    assert isinstance(second, Record)


@pytest.mark.parametrize(
    "content", [b"", b"not an archive", b"PK\x03\x04 nor this", b"<html>" * 500, bytes(10)]
)
def test_other_files_are_one_failure(content: bytes) -> None:
    (failure,) = documents(content)
    assert isinstance(failure, Failure)


def test_huge_extension_headers_are_refused_unread() -> None:
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 1 << 40
    (failure,) = documents(header.tobuf(tarfile.GNU_FORMAT) + bytes(1024))
    assert isinstance(failure, Failure)
    assert str(1 << 40) in failure.error


def test_bombs_are_stopped() -> None:
    files: Files = {f"{i}.py": " " * (8 << 20) for i in range(4)}
    for content in (gzip.compress(tar(files)), zipped(files)):
        found = documents(content, Limits(expansion_ratio=10))
        assert len(found) < 4
        assert isinstance(found[-1], Failure)
        assert "expands more than 10 times" in found[-1].error


def test_files_at_the_same_place_of_a_zip_are_one_document() -> None:
    content = zipped({"a.py": "1", "b.py": "2"}, zipfile.ZIP_STORED)
    at = content.rindex(b"b.py") - 4  # where b.py lies, as the directory says
    record, failure = documents(content[:at] + bytes(4) + content[at + 4 :])
    assert record == Record(0, "1", None, "a.py", None, "utf-8", "utf-8")
    assert failure == Failure(0, "b.py: another file of the archive stands at the same place")


def test_a_zip_directory_that_names_places_outside_the_file_is_a_failure() -> None:
    content = zipped({"a.py": "1"})
    end = content.rindex(b"PK\5\6")
    longer = content[: end + 16] + (1 << 16).to_bytes(4, "little") + content[end + 20 :]
    (failure,) = documents(longer)
    assert isinstance(failure, Failure)
    assert failure.error == "the zip archive's directory names a place before the file's beginning"


def test_bad_zip_members_of_other_methods_are_failures() -> None:
    content = zipped({"a.py": "1" * 1000}, zipfile.ZIP_BZIP2)
    at = content.index(b"1AY&SY") + 8
    (failure,) = documents(content[:at] + bytes(8) + content[at + 8 :])
    assert failure[:2] == (0, "a.py: Invalid data stream")
    (failure,) = documents(zipped({"a.py": "1"}, zipfile.ZIP_LZMA))
    assert failure[:2] == (0, "a.py: compressed by LZMA, which may demand 4 GiB of memory to be read")


def test_a_zip_member_without_a_name() -> None:
    assert everything(zipped({"a.py": "1"}).replace(b"a.py", b"\0.py")) == [
        Skipped("no source code by its name", 1)
    ]


def test_encrypted_zip_members_are_failures() -> None:
    content = bytearray(zipped({"a.py": "1"}))
    directory = content.rindex(b"PK\x01\x02")
    content[6] |= 1
    content[directory + 8] |= 1
    (failure,) = documents(bytes(content))
    assert isinstance(failure, Failure)
    assert "encrypted" in failure.error


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("#!/bin/sh\n# a\n\n# b\nx\n# c\n", "#!/bin/sh\n# a\n\n# b"),
        ("/* a\n   b\n */\nint x;\n", "/* a\n   b\n */"),
        ('"""a\n\nb"""\nimport c\n', '"""a\n\nb"""'),
        ("<?php\n// a\necho 1;\n", "<?php\n// a"),
        ("<!-- a\nb --><p>\n<p>\n", "<!-- a\nb --><p>"),
        ("package a\n// b\nimport c\n", "package a\n// b"),
        ("x = 1\n# a\n", ""),
        ("", ""),
    ],
)
def test_leading_comments(text: str, comment: str) -> None:
    assert leading_comment(text) == comment


@pytest.mark.skipif(not CODE_SAMPLE.exists(), reason="the sample is not there")
def test_archives_of_the_sample() -> None:
    stated = {}
    for path in sorted(CODE_SAMPLE.iterdir()):
        with path.open("rb") as stream:
            found = [each for each in read(Input(path.name, stream)) if not isinstance(each, Skipped)]
        assert found
        assert all(isinstance(each, Record) for each in found)
        stated[path.name.split("-")[0]] = {each.licence for each in found if isinstance(each, Record)}
    assert stated["async_timeout"] == {"Apache-2.0"}
    assert stated["colorama"] == {"BSD-3-Clause"}
    assert stated["html2text"] == {"GPL-3.0-only"}
    assert stated["nolicence"] == {None}
    assert stated["pyasn1"] == {"BSD-2-Clause"}
    assert stated["tweetnacl"] == {"Unlicense"}


GERMAN = (
    "# Die Mühle an der Mündung des Flusses wurde von drei Brüdern gebaut; sie hörte nie auf.\nwert = 1\n"
)
JAPANESE = "/* 河口の水車小屋は、海を見たことのない三人の兄弟によって建てられた。 */\nint a;\n" * 3


def test_source_files_of_legacy_charsets_are_read() -> None:
    stated = "# -*- coding: {} -*-\nname = 'é'\n"
    files: Files = {
        "stated.py": stated.format("latin-1").encode("latin-1"),
        "second.py": b"#!/usr/bin/python\n" + stated.format("cp1252").encode("cp1252"),
        "vim.rb": "# vim: set fileencoding=koi8-r :\n# Мельница\n".encode("koi8-r"),
        "wrong.py": stated.format("ascii").encode(),
        "unknown.py": stated.format("klingon").encode(),
        "Main.java": GERMAN.replace("#", "//").encode("cp1252"),
        "ja.c": JAPANESE.encode("shift_jis"),
    }
    read = {record.title: record for record in documents(tar(files)) if isinstance(record, Record)}
    assert {name: (record.charset, record.charset_origin) for name, record in read.items()} == {
        "stated.py": ("iso8859-1", "declared"),
        "second.py": ("cp1252", "declared"),
        "vim.rb": ("koi8-r", "declared"),
        "wrong.py": ("utf-8", "utf-8"),
        "unknown.py": ("utf-8", "utf-8"),
        "Main.java": ("cp1252", "detected"),
        "ja.c": ("cp932", "detected"),
    }
    assert "é" in read["stated.py"].text
    assert "é" in read["second.py"].text
    assert "Мельница" in read["vim.rb"].text
    assert read["Main.java"].text == GERMAN.replace("#", "//")
    assert read["ja.c"].text == JAPANESE


def test_scripts_without_a_suffix_are_told_by_their_first_line() -> None:
    scripts: Files = {
        "bin/wheel": "#!/usr/bin/env python3\nprint(1)\n",
        "run": "#!/bin/sh\nexit\n",
        "script": "#! /bin/bash\n",
        "home/.bashrc": "alias a=b\n",
    }
    other: Files = {"prose": "no script\n", "data.bin": "#!/bin/sh\n", "NEWS": "#! no path\n"}
    assert titles(scripts | other) == list(scripts)

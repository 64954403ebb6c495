import bz2
import gzip
import io
import lzma
import random
from collections.abc import Callable

import lz4.frame
import pytest
import zstandard

from massivetext.pipeline.read.formats.decompress import RATIO_FREE, BrokenError, Decompressed
from massivetext.pipeline.read.settings import Limits

COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "zstd": zstandard.ZstdCompressor(write_checksum=True).compress,
    "lz4": lambda data: lz4.frame.compress(data, content_checksum=True),
    "bz2": bz2.compress,
    "xz": lzma.compress,
}
FORMATS = sorted(COMPRESSORS)


def noise(size: int, seed: int = 0) -> bytes:
    return random.Random(seed).randbytes(size)


def read(data: bytes, limits: Limits | None = None, size: int = 1 << 16) -> tuple[bytes, list[BrokenError]]:
    """All that can be read, and every break."""
    stream, breaks = Decompressed(io.BytesIO(data), limits or Limits()), []
    got = bytearray()
    while True:
        try:
            piece = stream.read(size)
        except BrokenError as broken:
            breaks.append(broken)
            continue
        if not piece:
            return bytes(got), breaks
        got += piece


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("size", [1, 1000, 1 << 20])
def test_members_follow_each_other(name: str, size: int) -> None:
    data, compress = noise(30_000) + b"text " * 10_000, COMPRESSORS[name]
    assert Decompressed(io.BytesIO(compress(data))).format == name
    assert read(compress(data) + compress(b"") + compress(data[::-1]), size=size) == (data + data[::-1], [])


def test_plain_files_pass_through() -> None:
    assert Decompressed(io.BytesIO(b"plain")).format == "plain"
    assert read(b"plain text") == (b"plain text", [])
    assert read(b"") == (b"", [])


def test_padding_and_skippable_frames_are_no_data() -> None:
    assert read(gzip.compress(b"a") + bytes(1000)) == (b"a", [])
    assert read(lzma.compress(b"a") + bytes(4) + lzma.compress(b"b")) == (b"ab", [])
    skippable = b"\x50\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"index"
    assert read(skippable + zstandard.compress(b"a") + skippable) == (b"a", [])


@pytest.mark.parametrize("name", FORMATS)
def test_truncation_is_told_after_the_good_bytes(name: str) -> None:
    data = noise(500_000) + b"text " * 100_000
    whole = COMPRESSORS[name](data)
    got, breaks = read(whole[:-5])
    assert data.startswith(got)
    assert len(got) >= 500_000 - 900_000 * (name == "bz2")  # bz2 decodes blocks of 900 kB
    assert [
        str(broken).startswith(f"broken {name} file: the file ends in the middle") for broken in breaks
    ] == [True]


@pytest.mark.parametrize("name", FORMATS)
def test_a_broken_member_costs_no_other(name: str) -> None:
    parts = [noise(5000, seed) for seed in range(5)]
    members = [COMPRESSORS[name](part) for part in parts]
    middle = len(members[2]) // 2
    members[2] = members[2][:middle] + bytes(50) + members[2][middle + 50 :]
    got, (broken,) = read(b"".join(members))
    assert got.startswith(parts[0] + parts[1])
    assert got.endswith(parts[3] + parts[4])
    assert 10_000 <= broken.offset <= 15_000
    assert 0 < broken.size <= len(members[2])
    assert f"reading goes on at byte {sum(map(len, members[:3]))}" in broken.error


def test_bytes_between_members_are_a_break() -> None:
    got, breaks = read(gzip.compress(b"before") + b"\x1f\x8b noise " * 1000 + gzip.compress(b"after"))
    assert got == b"beforeafter"
    assert breaks[-1].error.count("reading goes on") == 1
    got, breaks = read(gzip.compress(b"before") + b"noise")
    assert got == b"before"
    assert ["gzip data expected" in broken.error for broken in breaks] == [True]


def test_a_break_stands_where_its_good_bytes_end() -> None:
    stream = Decompressed(io.BytesIO(gzip.compress(b"before") + b"noise" + gzip.compress(b"after")))
    assert stream.read(100) == b"before"
    with pytest.raises(BrokenError) as caught:
        stream.read(100)
    assert (caught.value.offset, caught.value.size) == (6, 5)
    assert (stream.read(100), stream.read(100), stream.tell()) == (b"after", b"", 11)


def test_every_cut_of_a_file_is_told() -> None:
    whole = gzip.compress(b"one") + gzip.compress(b"two")
    ends = {0, len(gzip.compress(b"one")), len(whole)}
    for cut in range(2, len(whole)):
        got, breaks = read(whole[:cut])
        assert b"onetwo".startswith(got)
        assert len(breaks) == (cut not in ends)


@pytest.mark.parametrize("name", ["gzip", "zstd", "bz2", "xz"])
def test_a_bomb_is_read_up_to_the_ratio(name: str) -> None:
    bomb = COMPRESSORS[name](bytes(RATIO_FREE * 3 // 2))
    limits = Limits(expansion_ratio=100)
    got, (broken,) = read(bomb, limits)
    assert RATIO_FREE / 2 < len(got) <= max(RATIO_FREE, 100 * len(bomb))
    assert "expands more than 100 times" in broken.error
    assert len(read(bomb, Limits(expansion_ratio=10**9))[0]) == RATIO_FREE * 3 // 2


def test_a_demand_for_memory_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=31)
    compressor = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    data = compressor.compress(b"small") + compressor.flush()
    got, (broken,) = read(data, Limits(window_bytes=1 << 27))
    assert got == b""
    assert "broken zstd file" in broken.error
    assert "limits.window_bytes allows 134217728" in broken.error
    assert read(data) == (b"small", []), "the dumps of Pushshift are written so"


DICTIONARY = zstandard.train_dictionary(4096, [b"HTTP/1.1 200 OK\r\nServer: %d\r\n" % n for n in range(3000)])


def with_dictionary(stored: bytes, members: int = 3) -> bytes:
    """A file as ArchiveTeam writes WARCs: the dictionary in a frame that zstd skips, then a frame for each record."""
    compressor = zstandard.ZstdCompressor(dict_data=DICTIONARY)
    frames = [compressor.compress(b"HTTP/1.1 200 OK\r\nServer: %d\r\n" % n) for n in range(members)]
    return b"\x5d\x2a\x4d\x18" + len(stored).to_bytes(4, "little") + stored + b"".join(frames)


def test_a_dictionary_at_the_beginning_is_used() -> None:
    plain = b"".join(b"HTTP/1.1 200 OK\r\nServer: %d\r\n" % n for n in range(3))
    for stored in (DICTIONARY.as_bytes(), zstandard.compress(DICTIONARY.as_bytes())):
        data = with_dictionary(stored)
        assert read(data) == (plain, [])
        got, breaks = read(data[8 + len(stored) :])
        assert got == b""
        assert "compressed with a dictionary that is not at the file's beginning" in breaks[0].error
        got, breaks = read(data, Limits(record_bytes=1000))
        assert got == b""
        assert "over the limit record_bytes" in breaks[0].error


def test_a_dictionary_cut_off_or_noise_breaks_the_file() -> None:
    data = with_dictionary(DICTIONARY.as_bytes())
    for bad in (data[:6], data[:100], data[:8] + bytes(len(DICTIONARY.as_bytes())) + data[-60:]):
        got, breaks = read(bad)
        assert got == b""
        assert breaks


class Unplugged(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise OSError(5, "unplugged")
        return super().read(size)


def test_errors_of_the_file_system_pass_through() -> None:
    stream = Decompressed(Unplugged(gzip.compress(noise(1 << 20))))
    with pytest.raises(OSError, match="unplugged"):
        list(iter(lambda: stream.read(1 << 16), b""))


@pytest.mark.parametrize("name", ["gzip", "bz2", "xz"])
def test_a_bomb_at_twice_the_ratio_is_told_and_one_at_half_the_ratio_is_read(name: str) -> None:
    data = COMPRESSORS[name](bytes(RATIO_FREE * 2))
    ratio = RATIO_FREE * 2 // len(data)
    assert len(read(data, Limits(expansion_ratio=ratio * 2))[0]) == RATIO_FREE * 2
    got, (broken,) = read(data, Limits(expansion_ratio=ratio // 2))
    assert len(got) + (1 << 18) >= RATIO_FREE
    assert len(got) < RATIO_FREE * 2
    assert f"expands more than {ratio // 2} times" in broken.error

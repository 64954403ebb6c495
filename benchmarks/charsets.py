"""How often a text is decoded right if its encoding is not declared: python -m benchmarks.charsets UDHR.jsonl

Each text is cut to some lengths and encoded in every encoding that can hold it and in which it is not ASCII. A text is
right if exactly the same characters come back. Beside ours: resiliparse's detector (which read pages before), and
chardetng alone.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import chardetng_py
from resiliparse.parse.encoding import detect_encoding

from massivetext.pipeline.read.formats.charset import decode_text

LENGTHS = (40, 200, 1000)
ENCODINGS = (
    *("utf-8", "utf-16-le", "utf-16-be", "gb18030", "gbk", "big5", "euc-kr", "shift_jis", "euc-jp"),
    *(f"windows-{number}" for number in range(1250, 1259)),
    *("koi8-r", "koi8-u", "cp437", "cp866", "cp874", "mac_roman"),
)
DETECTORS: dict[str, Callable[[bytes], str]] = {
    "ours": lambda content: decode_text(content).text,
    "resiliparse": lambda content: content.decode(detect_encoding(content) or "utf-8", "replace"),
    "chardetng": lambda content: content.decode(chardetng_py.detect(content), "replace"),
}


def encoded(texts: list[str], encoding: str) -> Iterator[tuple[str, bytes]]:
    for text in texts:
        try:
            content = text.encode(encoding)
        except UnicodeEncodeError:
            continue
        if not content.isascii() or b"\0" in content:
            yield text, content


def main() -> None:
    whole = [json.loads(line)["text"] for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
    print(f"| encoding | texts | {' | '.join(f'{name} {n}' for name in DETECTORS for n in LENGTHS)} |")
    print("|---" * (2 + len(DETECTORS) * len(LENGTHS)) + "|")
    right: Counter[tuple[str, int]] = Counter()
    count: Counter[int] = Counter()
    for encoding in ENCODINGS:
        cells, texts = [], 0
        for name, detector in DETECTORS.items():
            for length in LENGTHS:
                found = [
                    _decode(detector, content) == text
                    for text, content in encoded([text[:length] for text in whole], encoding)
                ]
                texts = len(found)
                right[name, length] += sum(found)
                count[length] += len(found) if name == "ours" else 0
                cells.append(f"{sum(found) / len(found):.3f}" if found else "-")
        print(f"| {encoding} | {texts} | {' | '.join(cells)} |", flush=True)
    cells = [f"{right[name, length] / count[length]:.3f}" for name in DETECTORS for length in LENGTHS]
    print(f"| all | {count[LENGTHS[-1]]} | {' | '.join(cells)} |")


def _decode(detector: Callable[[bytes], str], content: bytes) -> str | None:
    try:
        return detector(content)
    except LookupError:
        return None


if __name__ == "__main__":
    main()

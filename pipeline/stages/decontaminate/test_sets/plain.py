"""Plain text: reads each block between blank lines as an item."""

import re
from collections.abc import Iterator

from massivetext.pipeline.stages.decontaminate.test_sets.item_file import Item, ItemFile


def read(_: ItemFile, text: str) -> Iterator[Item]:
    blocks = (block for block in re.split(r"\n[^\S\n]*\n", text.replace("\r\n", "\n")) if block.strip())
    for number, block in enumerate(blocks):
        yield Item(str(number), (("question", block),))

"""Trains a byte-level tokenizer with `tokenizers`: byte-pair encoding like that of GPT-4, Llama 3 and Qwen."""

import os
from collections.abc import Iterator

from massivetext.pipeline.tokenizers.splits import SPECIAL, expression


def train(documents: Iterator[str], vocabulary: int, split: str, digits: int | None) -> tuple[bytes, int]:
    """Train a tokenizer of at most `vocabulary` tokens. Returns its tokenizer.json and its number of tokens.

    The tokenizer reads bytes and changes none: decode(encode(x)) == x for every x. The expression of the model that
    `split` names finds the pre-tokens, with at most `digits` digits. A sample that is too small gives fewer tokens.

    The file's bytes depend only on the documents, their order and the settings. The trainer keeps the distinct
    pre-tokens in memory.
    """
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(expression(split, digits)), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=list(SPECIAL.values()),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    made.train_from_iterator(documents, trainer)
    return made.to_str(pretty=True).encode(), made.get_vocab_size()

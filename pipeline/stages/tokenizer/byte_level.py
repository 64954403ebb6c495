"""Training a byte-level tokenizer: byte-pair encoding as GPT-4's, Llama 3's and Qwen's, by `tokenizers`."""

import os
from collections.abc import Iterator

from massivetext.pipeline.tokenizers.splits import SPECIAL, expression


def train(documents: Iterator[str], vocabulary: int, split: str, digits: int | None) -> tuple[bytes, int]:
    """A tokenizer.json of at most `vocabulary` tokens, trained on `documents`, and how many tokens it has.

    Text is taken as it is, in bytes: decode(encode(x)) == x for every x. Pre-tokens are found by the expression of
    the model that `split` names, with `digits` digits at most. A sample that is too small gives fewer tokens.

    The file's bytes depend on the documents, their order and the settings alone. The trainer keeps the distinct
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

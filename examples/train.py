"""Train a tiny transformer on the shards of a finished run: a minute of one core.

    python examples/train.py OUT [--checkpoint FILE]

With a checkpoint, training goes on where it stopped: at the sequence that would have been next.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2", "pyarrow>=20", "sentencepiece>=0.2.1", "torch>=2.5"]
# ///

import argparse
import time
from pathlib import Path

import torch
from sentencepiece import SentencePieceProcessor
from sequences import PADDING, Sequences
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, scaled_dot_product_attention

WIDTH, HEADS, LAYERS = 64, 4, 2  # most of the work is the vocabulary's, so it grows with the width
BATCH = 2  # sequences
SHOWN = 40  # steps, of which the mean loss is shown


def attended(documents: Tensor) -> Tensor:
    """bool[b, 1, n, n]: a token sees itself and what stands before it in its own document, nothing else."""
    same = documents[:, :, None] == documents[:, None, :]
    return same.tril()[:, None]


def positions(documents: Tensor) -> Tensor:
    """int64[b, n]: each token's place in its document's run, from 0."""
    place = torch.arange(documents.shape[1]).expand_as(documents)
    begins = torch.ones_like(documents, dtype=torch.bool)
    begins[:, 1:] = documents[:, 1:] != documents[:, :-1]
    return place - torch.where(begins, place, 0).cummax(1).values


def targets(tokens: Tensor, documents: Tensor) -> Tensor:
    """int64[b, n - 1]: the token after each, -100 (no loss) where that is of another document or padding."""
    following = documents[:, 1:]
    counts = (following == documents[:, :-1]) & (following != PADDING)
    return torch.where(counts, tokens[:, 1:], -100)


class Block(nn.Module):
    """Attention within documents, then a network for each token."""

    def __init__(self) -> None:
        super().__init__()
        self.norms = nn.ModuleList([nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)])
        self.heads = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.network = nn.Sequential(nn.Linear(WIDTH, 4 * WIDTH), nn.GELU(), nn.Linear(4 * WIDTH, WIDTH))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        split = self.heads(self.norms[0](x)).unflatten(-1, (3, HEADS, -1)).permute(2, 0, 3, 1, 4)
        heads = scaled_dot_product_attention(*split, attn_mask=mask)
        x = x + self.out(heads.transpose(1, 2).flatten(2))
        return x + self.network(self.norms[1](x))


class Transformer(nn.Module):
    """Token ids and their documents to the logits of the next token."""

    def __init__(self, vocabulary: int, length: int) -> None:
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, WIDTH)
        self.positions = nn.Embedding(length, WIDTH)
        nn.init.normal_(self.tokens.weight, std=0.02)
        nn.init.normal_(self.positions.weight, std=0.02)
        self.blocks = nn.ModuleList([Block() for _ in range(LAYERS)])
        self.norm = nn.LayerNorm(WIDTH)

    def forward(self, tokens: Tensor, documents: Tensor) -> Tensor:
        x, mask = self.tokens(tokens) + self.positions(positions(documents)), attended(documents)
        for block in self.blocks:
            x = block(x, mask)
        return self.norm(x) @ self.tokens.weight.T


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--steps", type=int, default=400)
    arguments.add_argument("--checkpoint", type=Path)
    options = arguments.parse_args()

    torch.manual_seed(17)
    torch.set_num_threads(1)  # a model this small is no faster on more
    sequences = Sequences(options.out / "shards" / "parquet")
    length = sequences.batch(0, 1).tokens.shape[1]
    processor = SentencePieceProcessor(model_file=str(options.out / "tokenizer" / "tokenizer.model"))
    model = Transformer(processor.vocab_size(), length)
    optimiser = torch.optim.AdamW(model.parameters(), lr=8e-3)
    step = first = 0
    if options.checkpoint and options.checkpoint.exists():
        saved = torch.load(options.checkpoint)
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        step, first = saved["step"], saved["sequence"]
        print(f"going on at sequence {first}")

    began, losses = time.process_time(), []
    for after, batch in sequences.batches(BATCH, first):
        if step == options.steps:
            break
        tokens, documents = torch.from_numpy(batch.tokens), torch.from_numpy(batch.documents)
        logits = model(tokens[:, :-1], documents[:, :-1])
        loss = cross_entropy(logits.flatten(0, 1), targets(tokens, documents).flatten())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        step, first = step + 1, after
        losses.append(loss.item())
        if step == 1 or step % SHOWN == 0:
            mean = sum(losses[-SHOWN:]) / len(losses[-SHOWN:])
            print(f"step {step:4}  loss {mean:.4f}  {time.process_time() - began:5.1f} CPU s", flush=True)
    if options.checkpoint:
        state = {"model": model.state_dict(), "optimiser": optimiser.state_dict()}
        torch.save(state | {"step": step, "sequence": first}, options.checkpoint)


if __name__ == "__main__":
    main()

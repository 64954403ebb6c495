"""A decoder-only transformer in JAX, as small as a laptop can train: rotary positions, RMS norms, tied embeddings.

Vaswani et al. 2017 (arXiv 1706.03762); Su et al. 2021 (arXiv 2104.09864); Zhang and Sennrich 2019 (arXiv 1910.07467).
"""

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from massivetext.pipeline.ablate.settings import Model

Weights = dict[str, Any]

_BASE = 10_000.0  # of rotary positions
_EPSILON = 1e-6


def init(model: Model, vocabulary: int, seed: int) -> Weights:
    """Returns the weights before training. Those of layers are stacked along a first axis."""
    keys = jax.random.split(jax.random.key(seed), 5)
    width, layers = model.width, model.layers
    spread = width**-0.5
    residual = spread / (2 * layers) ** 0.5  # so that the sum over layers keeps its size

    def normal(key: Any, shape: tuple[int, ...], deviation: float) -> Any:
        return deviation * jax.random.normal(key, shape, jnp.float32)

    return {
        "embedding": normal(keys[0], (vocabulary, width), 0.02),
        "norm": jnp.ones(width),
        "layers": {
            "attention_norm": jnp.ones((layers, width)),
            "queries_keys_values": normal(keys[1], (layers, width, 3 * width), spread),
            "attention_out": normal(keys[2], (layers, width, width), residual),
            "feed_norm": jnp.ones((layers, width)),
            "feed_in": normal(keys[3], (layers, width, 4 * width), spread),
            "feed_out": normal(keys[4], (layers, 4 * width, width), residual / 2),
        },
    }


def size(weights: Weights) -> tuple[int, int]:
    """Returns the number of parameters, and how many of them are the embedding's."""
    return sum(each.size for each in jax.tree.leaves(weights)), weights["embedding"].size


def losses(model: Model, weights: Weights, inputs: Any, targets: Any) -> Any:
    """Returns the loss of each token in nats: float32[batch, context]; 0 if the target is -1."""
    hidden = weights["embedding"][inputs]
    hidden, _ = jax.lax.scan(partial(_layer, model), hidden, weights["layers"])
    logits = _normed(hidden, weights["norm"]) @ weights["embedding"].T
    chosen = jnp.take_along_axis(logits, jnp.maximum(targets, 0)[..., None], axis=-1)[..., 0]
    return jnp.where(targets < 0, 0.0, jax.nn.logsumexp(logits, axis=-1) - chosen)


def _layer(model: Model, hidden: Any, layer: Weights) -> tuple[Any, None]:
    batch, length, width = hidden.shape
    normed = _normed(hidden, layer["attention_norm"]) @ layer["queries_keys_values"]
    parts = normed.reshape(batch, length, 3, model.heads, width // model.heads)
    queries, keys, values = (parts[:, :, which] for which in range(3))
    mixed = jax.nn.dot_product_attention(_turned(queries), _turned(keys), values, is_causal=True)
    hidden = hidden + mixed.reshape(batch, length, width) @ layer["attention_out"]
    fed = jax.nn.gelu(_normed(hidden, layer["feed_norm"]) @ layer["feed_in"])
    return hidden + fed @ layer["feed_out"], None


def _normed(hidden: Any, scale: Any) -> Any:
    return hidden * jax.lax.rsqrt(jnp.mean(hidden**2, axis=-1, keepdims=True) + _EPSILON) * scale


def _turned(heads: Any) -> Any:
    """Returns queries or keys, rotated by their positions."""
    length, half = heads.shape[1], heads.shape[-1] // 2
    angles = jnp.arange(length)[:, None] * _BASE ** (-jnp.arange(half) / half)
    cosine, sine = (each(angles)[None, :, None, :] for each in (jnp.cos, jnp.sin))
    first, second = heads[..., :half], heads[..., half:]
    return jnp.concatenate([first * cosine - second * sine, first * sine + second * cosine], axis=-1)

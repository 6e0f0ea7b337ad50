"""BERT (Devlin et al. 2019) in PyTorch, written from the formulas, over a record of parameters filled by a formula.

All pieces are real, so nothing is masked. Letters: B sentences, L pieces, H width, h heads, D head size.
"""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

FIRST_SEED = 5_000_000
LOSS_SEED = FIRST_SEED + 2000
ID_SEED = FIRST_SEED + 3000


def mixed(count: int, seed: int) -> np.ndarray:
    """Well mixed bits of the counters 0 .. count - 1 (the finisher of MurmurHash3), minus a half: [-0.5, 0.5)."""
    x = np.arange(1, count + 1, dtype=np.uint32) * np.uint32(0x9E3779B1)
    x ^= np.uint32(seed)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x85EBCA6B)
    x ^= x >> np.uint32(13)
    x *= np.uint32(0xC2B2AE35)
    x ^= x >> np.uint32(16)
    return x / 2**32 - 0.5


def formula_tensor(name: str, shape: list[int], number: int) -> Tensor:
    """Tensor number `number` of the model."""
    centre, spread = (1.0, 0.2) if name.endswith("LayerNorm.weight") else (0.0, 0.2 if name.endswith("bias") else 0.14)
    values = centre + spread * mixed(math.prod(shape), FIRST_SEED + number)
    return torch.from_numpy(values.astype(np.float32)).reshape(shape)


def loss_weights(count: int) -> Tensor:
    """Weights of the outputs in the loss, which is their sum."""
    return torch.from_numpy(mixed(count, LOSS_SEED).astype(np.float32))


def piece_ids(sentences: int, length: int, pieces: int) -> Tensor:
    """Pieces from 4 on. [B, L]"""
    drawn = np.floor(4 + (mixed(sentences * length, ID_SEED) + 0.5) * (pieces - 4)).astype(np.int64)
    return torch.from_numpy(drawn).reshape(sentences, length)


class Bert(nn.Module):
    """The encoder without the pooler; `shapes` are its tensors in the order of their seeds."""

    def __init__(self, shapes: dict[str, list[int]], layers: int, heads: int, epsilon: float) -> None:
        super().__init__()
        self.layers, self.heads, self.epsilon = layers, heads, epsilon
        self.size = shapes["embeddings.LayerNorm.weight"][0] // heads
        for number, (name, shape) in enumerate(shapes.items()):
            self.register_parameter(name.replace(".", "/"), nn.Parameter(formula_tensor(name, shape, number)))

    def value(self, name: str) -> Tensor:
        """A parameter by its name in the model's files."""
        return self._parameters[name.replace(".", "/")]

    def linear(self, name: str, rows: Tensor) -> Tensor:
        """A linear layer by name."""
        return F.linear(rows, self.value(f"{name}.weight"), self.value(f"{name}.bias"))

    def normalize(self, name: str, rows: Tensor) -> Tensor:
        """A LayerNorm by name."""
        gain, bias = self.value(f"{name}.weight"), self.value(f"{name}.bias")
        return F.layer_norm(rows, (rows.shape[-1],), gain, bias, self.epsilon)

    def forward(self, pieces: Tensor) -> Tensor:
        """[B, L] -> [B, L, H]"""
        rows = F.embedding(pieces, self.value("embeddings.word_embeddings.weight"))
        rows = rows + self.value("embeddings.position_embeddings.weight")[: pieces.shape[1]]
        rows = rows + self.value("embeddings.token_type_embeddings.weight")[0]
        rows = self.normalize("embeddings.LayerNorm", rows)
        for layer in range(self.layers):
            rows = self.layer(f"encoder.layer.{layer}", rows)
        return rows

    def layer(self, name: str, rows: Tensor) -> Tensor:
        """Attention, then feed-forward, each added to its input and normalised. [B, L, H]"""
        attended = self.linear(f"{name}.attention.output.dense", self.attention(f"{name}.attention.self", rows))
        rows = self.normalize(f"{name}.attention.output.LayerNorm", attended + rows)
        inner = F.gelu(self.linear(f"{name}.intermediate.dense", rows))
        return self.normalize(f"{name}.output.LayerNorm", self.linear(f"{name}.output.dense", inner) + rows)

    def attention(self, name: str, rows: Tensor) -> Tensor:
        """[B, L, H]"""
        batch, length, width = rows.shape

        def by_head(part: str) -> Tensor:
            return self.linear(f"{name}.{part}", rows).reshape(batch, length, self.heads, self.size).transpose(1, 2)

        scores = by_head("query") @ by_head("key").transpose(-1, -2) / math.sqrt(self.size)  # [B, h, L, L]
        context = scores.softmax(-1) @ by_head("value")  # [B, h, L, D]
        return context.transpose(1, 2).reshape(batch, length, width)

"""FLAT (Li et al. 2020) with NerCo's two losses in PyTorch, written from the formulas, in three forms.

`published`: as the published programs compute. The position fusion is a tensor [B, N, N, H] made from [B, N, N, 2H],
and the contrastive loss a tensor [P, P - 1, Neg + 1] for each class.
`fast`: the same numbers. The fusion acts on each distinct (s_i - s_j, e_i - e_j) of the batch once, and the
contrastive loss needs P * (P + Neg) numbers.
`ragged`: as fast, without padding (ragged_model.py).
Position fusion ff_two, one or more layers, CRF without start and end scores. Names are those of the state_dict.
Letters: B sentences, L characters, N lattice nodes, H width, h heads, D head size, K tags, P distinct pairs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from lattice_batch import LatticeBatch

Form = Literal["published", "fast", "ragged"]
Parameters = dict[str, Tensor]

FUSION = "encoder.four_pos_fusion_embedding.pos_fusion_forward.0"
MASKED = -1e15


@dataclass(frozen=True)
class ModelSettings:
    """Sizes and drop rates."""

    width: int
    heads: int
    layers: int
    max_distance: int
    embedding_dropout: float = 0.0
    feed_forward_dropout: float = 0.0
    output_dropout: float = 0.0
    word_dropout: float = 0.0


def position_table(max_distance: int, width: int) -> Tensor:
    """Sinusoids of the distances -max..max: sines, then cosines. [2 * max + 1, H]"""
    half = width // 2
    frequencies = torch.exp(torch.arange(half, dtype=torch.float32) * -(math.log(10000) / (half - 1)))
    angles = torch.arange(-max_distance, max_distance + 1, dtype=torch.float32)[:, None] * frequencies
    return torch.cat([angles.sin(), angles.cos()], dim=1)


def linear(parameters: Parameters, name: str, inputs: Tensor) -> Tensor:
    """A linear layer by name."""
    return F.linear(inputs, parameters[f"{name}.weight"], parameters[f"{name}.bias"])


def split_heads(rows: Tensor, heads: int) -> Tensor:
    """[B, N, H] -> [B, h, N, D]"""
    batch, nodes, width = rows.shape
    return rows.reshape(batch, nodes, heads, width // heads).transpose(1, 2)


class FlatModel:
    """The network as functions over a record of parameters."""

    def __init__(self, settings: ModelSettings, parameters: Parameters, table: Tensor, form: Form) -> None:
        self.settings = settings
        self.parameters = parameters
        self.table = table  # [2 * max + 1, H]
        self.form = form
        self.is_training = True

    def encode(self, batch: LatticeBatch) -> Tensor:
        """Representations of the characters after the output dropout. [B, L, H]"""
        hidden = self.inputs(batch)  # [B, N, H]
        relative = self.fused_positions(batch)
        keys = torch.arange(batch.nodes, device=hidden.device)[None, :] < (batch.seq_len + batch.lex_num)[:, None]
        for layer in range(self.settings.layers):
            hidden = self.layer(f"encoder.layer_{layer}", hidden, relative, keys)
        return self.dropout(hidden[:, : batch.target.shape[1]], self.settings.output_dropout)

    def inputs(self, batch: LatticeBatch) -> Tensor:
        """Characters with their bigrams, and words, each through a projection of its own. [B, N, H]"""
        nodes = torch.arange(batch.nodes, device=batch.lattice.device)[None, :]
        is_character = nodes < batch.seq_len[:, None]
        is_word = ~is_character & (nodes < (batch.seq_len + batch.lex_num)[:, None])
        lattice = self.embedding("lattice_embed.embedding.weight", batch.lattice)
        bigram = self.embedding("bigram_embed.embedding.weight", batch.bigrams)
        bigram = F.pad(bigram, (0, 0, 0, batch.nodes - batch.bigrams.shape[1]))
        rate = self.settings.embedding_dropout
        character = linear(self.parameters, "char_proj", self.dropout(torch.cat([lattice, bigram], -1), rate))
        word = linear(self.parameters, "lex_proj", self.dropout(lattice, rate))
        return character * is_character[..., None] + word * is_word[..., None]

    def embedding(self, name: str, rows: Tensor) -> Tensor:
        """Rows of a table, some replaced by row 1 in training."""
        if self.is_training and self.settings.word_dropout > 0:
            dropped = torch.rand(rows.shape, device=rows.device) < self.settings.word_dropout
            rows = torch.where(dropped & (rows > 0), torch.ones_like(rows), rows)
        return F.embedding(rows, self.parameters[name], padding_idx=0)

    def dropout(self, values: Tensor, rate: float) -> Tensor:
        """Dropout in training."""
        return F.dropout(values, rate, self.is_training) if rate > 0 else values

    def fused_positions(self, batch: LatticeBatch) -> tuple[Tensor, Tensor | None]:
        """published: R [B, N, N, H] and None; fast: R of each distinct pair [P, H] and its number [B, N, N]."""
        starts, ends = batch.distances()
        shift = self.settings.max_distance
        if self.form == "published":
            both = torch.cat([self.table[starts + shift], self.table[ends + shift]], dim=-1)  # [B, N, N, 2H]
            return F.relu(linear(self.parameters, FUSION, both)), None
        side = 2 * shift + 1
        keys, index = torch.unique((starts + shift) * side + (ends + shift), return_inverse=True)
        weight = self.parameters[f"{FUSION}.weight"]
        width = self.settings.width
        from_starts = self.table @ weight[:, :width].T  # [2 * max + 1, H]
        from_ends = self.table @ weight[:, width:].T
        rows = from_starts[torch.div(keys, side, rounding_mode="floor")] + from_ends[keys % side]
        return F.relu(rows + self.parameters[f"{FUSION}.bias"]), index

    def layer(
        self, name: str, hidden: Tensor, positions: tuple[Tensor, Tensor | None], keys: Tensor
    ) -> Tensor:
        """Attention, then feed-forward, each added to its input and normalised by the same LayerNorm. [B, N, H]"""
        hidden = self.normalize(name, hidden + self.attention(f"{name}.attn", hidden, positions, keys))
        rate = self.settings.feed_forward_dropout
        inner = F.relu(self.dropout(linear(self.parameters, f"{name}.ff.w0", hidden), rate))
        outer = self.dropout(linear(self.parameters, f"{name}.ff.w1", inner), rate)
        return self.normalize(name, hidden + outer)

    def normalize(self, name: str, rows: Tensor) -> Tensor:
        """The layer's LayerNorm."""
        prefix = f"{name}.layer_postprocess.layer_norm"
        gain, bias = self.parameters[f"{prefix}.weight"], self.parameters[f"{prefix}.bias"]
        return F.layer_norm(rows, (rows.shape[-1],), gain, bias)

    def attention(
        self, name: str, hidden: Tensor, positions: tuple[Tensor, Tensor | None], keys: Tensor
    ) -> Tensor:
        """Relative attention; keys are not projected, scores are not scaled. [B, N, H]"""
        heads = self.settings.heads
        query = split_heads(linear(self.parameters, f"{name}.w_q", hidden), heads)  # [B, h, N, D]
        value = split_heads(linear(self.parameters, f"{name}.w_v", hidden), heads)
        content_query = query + self.parameters[f"{name}.u"][None, :, None]
        position_query = query + self.parameters[f"{name}.v"][None, :, None]
        content = content_query @ split_heads(hidden, heads).transpose(-1, -2)  # [B, h, N, N]
        scores = content + self.position_scores(name, position_query, positions)
        scores = scores.masked_fill(~keys[:, None, None, :], MASKED)
        attended = scores.softmax(-1) @ value  # [B, h, N, D]
        return attended.transpose(1, 2).reshape(hidden.shape)

    def position_scores(self, name: str, query: Tensor, positions: tuple[Tensor, Tensor | None]) -> Tensor:
        """(q_i + v) . r_ij. [B, h, N, N]"""
        fused, index = positions
        batch, heads, nodes, size = query.shape
        relative = linear(self.parameters, f"{name}.w_r", fused)
        if index is None:
            by_head = relative.reshape(batch, nodes, nodes, heads, size).permute(0, 3, 1, 4, 2)  # [B, h, N, D, N]
            return (query[:, :, :, None] @ by_head)[:, :, :, 0]
        by_head = relative.reshape(-1, heads, size).permute(1, 2, 0)  # [h, D, P]
        products = query @ by_head  # [B, h, N, P]
        return products.gather(-1, index[:, None].expand(batch, heads, nodes, nodes))

    def character_rows(self, encoded: Tensor, batch: LatticeBatch) -> Tensor:
        """What `encode` gave, without padding. [C, H]"""
        return encoded[batch.character_mask()]

    def emissions(self, encoded: Tensor, batch: LatticeBatch) -> Tensor:
        """[B, L, K]"""
        return linear(self.parameters, "output", encoded)


def crf_loss(emissions: Tensor, transitions: Tensor, batch: LatticeBatch) -> Tensor:
    """Mean over sentences of the negative log likelihood, one time step after another."""
    mask = batch.character_mask()
    tags = batch.target
    alpha = emissions[:, 0]  # [B, K]
    for step in range(1, emissions.shape[1]):
        following = torch.logsumexp(alpha[:, :, None] + transitions[None] + emissions[:, step, None], dim=1)
        alpha = torch.where(mask[:, step, None], following, alpha)
    partition = torch.logsumexp(alpha, dim=1)
    unary = (emissions.gather(2, tags[..., None])[..., 0] * mask).sum(1)
    moves = (transitions[tags[:, :-1], tags[:, 1:]] * mask[:, 1:]).sum(1)
    return (partition - unary - moves).mean()


def contrastive_loss(
    form: Form, features: Tensor, classes: Tensor, outside: int, temperature: float
) -> Tensor | None:
    """Sum over classes of the mean over ordered pairs; None when no class qualifies.

    features [C, H] of all characters of the batch; classes [C]; `outside` is only ever negative.
    """
    unit = F.normalize(features, dim=1, eps=1e-12)
    total = None
    for label in classes.unique().tolist():
        members = unit[classes == label]
        others = unit[classes != label]
        if label == outside or len(members) < 2 or len(others) == 0:
            continue
        term = (class_term_published if form == "published" else class_term_fast)(members, others, temperature)
        total = term if total is None else total + term
    return total


def class_term_published(members: Tensor, others: Tensor, temperature: float) -> Tensor:
    """The class's own positives beside all negatives, for every ordered pair: [P, P - 1, Neg + 1] numbers."""
    count = len(members)
    similar = members @ members.T / temperature
    apart = ~torch.eye(count, dtype=torch.bool, device=members.device)
    positive = similar[apart].reshape(count, count - 1, 1)
    negative = (members @ others.T / temperature)[:, None].expand(count, count - 1, len(others))
    scores = torch.cat([positive, negative], dim=-1)  # [P, P - 1, Neg + 1]
    return -torch.log_softmax(scores, dim=-1)[..., 0].mean()


def class_term_fast(members: Tensor, others: Tensor, temperature: float) -> Tensor:
    """-s_ij + log(e^s_ij + e^(LSE over negatives of s_in)): P * (P + Neg) numbers."""
    count = len(members)
    similar = members @ members.T / temperature  # [P, P]
    rest = torch.logsumexp(members @ others.T / temperature, dim=1)  # [P]
    terms = torch.logaddexp(similar, rest[:, None]) - similar
    return (terms.sum() - terms.diagonal().sum()) / (count * (count - 1))

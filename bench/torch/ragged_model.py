"""The form `ragged` of FLAT: nothing is computed for padding.

Rows of all sentences lie one after another, each sentence's characters before its words. Attention runs within each
sentence at its own length, position scores over its own distinct pairs, and the last layer has queries of characters
alone. Letters as in flat_model.py, and R rows of all sentences, C characters of all, Q queries of a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from flat_model import FUSION, FlatModel, linear
from lattice_batch import LatticeBatch


@dataclass(frozen=True)
class Sentence:
    """Where a sentence lies, and its pairs."""

    start: int  # first row
    characters: int
    nodes: int
    first_character: int  # among those of all sentences
    pairs: Tensor  # its distinct pairs, as rows of the batch's distinct pairs
    index: Tensor  # which of them each pair (i, j) is; i a character alone where there is one layer. [Q, N]


class RaggedModel(FlatModel):
    """FlatModel on rows without padding; `encode` gives the characters of all sentences. [C, H]"""

    def encode(self, batch: LatticeBatch) -> Tensor:
        """[C, H]"""
        sentences, keys = self.arrange(batch)
        is_character = self.is_character(batch)
        hidden = self.rows_of(batch, is_character)  # [R, H]
        fused = self.fused_rows(keys)
        layers = self.settings.layers
        for layer in range(layers):
            queries = is_character if layer == layers - 1 else None
            hidden = self.ragged_layer(f"encoder.layer_{layer}", hidden, fused, sentences, queries)
        return self.dropout(hidden, self.settings.output_dropout)

    def is_character(self, batch: LatticeBatch) -> Tensor:
        """Of the rows of all sentences. [R]"""
        nodes = torch.arange(batch.nodes, device=batch.lattice.device)[None, :]
        is_node = nodes < (batch.seq_len + batch.lex_num)[:, None]
        return (nodes < batch.seq_len[:, None])[is_node]

    def rows_of(self, batch: LatticeBatch, is_character: Tensor) -> Tensor:
        """Each kind of node through its own projection alone. [R, H]"""
        nodes = torch.arange(batch.nodes, device=batch.lattice.device)[None, :]
        lattice_rows = batch.lattice[nodes < (batch.seq_len + batch.lex_num)[:, None]]
        lattice = self.embedding("lattice_embed.embedding.weight", lattice_rows)
        bigram = self.embedding("bigram_embed.embedding.weight", batch.bigrams[batch.character_mask()])
        rate = self.settings.embedding_dropout
        both = torch.cat([lattice[is_character], bigram], -1)
        character = linear(self.parameters, "char_proj", self.dropout(both, rate))
        word = linear(self.parameters, "lex_proj", self.dropout(lattice[~is_character], rate))
        order = torch.cat([is_character.nonzero()[:, 0], (~is_character).nonzero()[:, 0]])
        return torch.cat([character, word])[order.argsort()]

    def arrange(self, batch: LatticeBatch) -> tuple[list[Sentence], Tensor]:
        """The sentences, and the distinct pairs of the batch as numbers."""
        shift = self.settings.max_distance
        side = 2 * shift + 1
        shapes, own_keys, indices = [], [], []
        for sentence, (characters, words) in enumerate(zip(batch.seq_len.tolist(), batch.lex_num.tolist())):
            nodes = characters + words
            queries = characters if self.settings.layers == 1 else nodes
            starts, ends = batch.pos_s[sentence, :nodes], batch.pos_e[sentence, :nodes]
            from_starts = starts[:queries, None] - starts[None, :] + shift
            from_ends = ends[:queries, None] - ends[None, :] + shift
            keys, index = torch.unique(from_starts * side + from_ends, return_inverse=True)
            shapes.append((characters, nodes))
            own_keys.append(keys)
            indices.append(index)
        keys, pairs = torch.unique(torch.cat(own_keys), return_inverse=True)
        parts = pairs.split([len(own) for own in own_keys])
        sentences, row, character = [], 0, 0
        for (characters, nodes), part, index in zip(shapes, parts, indices):
            sentences.append(Sentence(row, characters, nodes, character, part, index))
            row += nodes
            character += characters
        return sentences, keys

    def fused_rows(self, keys: Tensor) -> Tensor:
        """The fusion of each distinct pair. [P, H]"""
        side = 2 * self.settings.max_distance + 1
        width = self.settings.width
        weight = self.parameters[f"{FUSION}.weight"]
        from_starts = self.table @ weight[:, :width].T  # [2 * max + 1, H]
        from_ends = self.table @ weight[:, width:].T
        rows = from_starts[torch.div(keys, side, rounding_mode="floor")] + from_ends[keys % side]
        return F.relu(rows + self.parameters[f"{FUSION}.bias"])

    def ragged_layer(
        self, name: str, hidden: Tensor, fused: Tensor, sentences: list[Sentence], queries: Tensor | None
    ) -> Tensor:
        """As `layer`; rows that ask nothing are left out when `queries` names those that do."""
        asking = hidden if queries is None else hidden[queries]
        attended = self.ragged_attention(f"{name}.attn", hidden, asking, fused, sentences)
        rows = self.normalize(name, asking + attended)
        rate = self.settings.feed_forward_dropout
        inner = F.relu(self.dropout(linear(self.parameters, f"{name}.ff.w0", rows), rate))
        outer = self.dropout(linear(self.parameters, f"{name}.ff.w1", inner), rate)
        return self.normalize(name, rows + outer)

    def ragged_attention(
        self, name: str, hidden: Tensor, asking: Tensor, fused: Tensor, sentences: list[Sentence]
    ) -> Tensor:
        """Sentence by sentence. As many rows as `asking` has."""
        heads, width = self.settings.heads, self.settings.width
        size = width // heads
        by_head = lambda rows: rows.reshape(-1, heads, size)
        query = by_head(linear(self.parameters, f"{name}.w_q", asking))
        value = by_head(linear(self.parameters, f"{name}.w_v", hidden))
        key = by_head(hidden)
        relative = by_head(linear(self.parameters, f"{name}.w_r", fused))  # [P, h, D]
        content_query = query + self.parameters[f"{name}.u"][None]
        position_query = query + self.parameters[f"{name}.v"][None]
        is_narrow = len(asking) < len(hidden)
        outputs = []
        for sentence in sentences:
            rows = slice(sentence.start, sentence.start + sentence.nodes)
            asked = rows
            if is_narrow:
                asked = slice(sentence.first_character, sentence.first_character + sentence.characters)
            count = asked.stop - asked.start
            content = content_query[asked].transpose(0, 1) @ key[rows].permute(1, 2, 0)  # [h, Q, N]
            own = relative[sentence.pairs].permute(1, 2, 0)  # [h, D, P of the sentence]
            products = position_query[asked].transpose(0, 1) @ own
            position = products.gather(-1, sentence.index[None, :count].expand(heads, -1, -1))
            attended = (content + position).softmax(-1) @ value[rows].transpose(0, 1)  # [h, Q, D]
            outputs.append(attended.transpose(0, 1).reshape(count, width))
        return torch.cat(outputs)

    def character_rows(self, encoded: Tensor, batch: LatticeBatch) -> Tensor:
        """They are that already. [C, H]"""
        return encoded

    def emissions(self, encoded: Tensor, batch: LatticeBatch) -> Tensor:
        """Zeros behind each sentence, as the CRF takes them. [B, L, K]"""
        rows = linear(self.parameters, "output", encoded)
        mask = batch.character_mask()
        return rows.new_zeros(*mask.shape, rows.shape[-1]).masked_scatter(mask[..., None], rows)

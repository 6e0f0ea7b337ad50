"""A padded batch of lattice sentences, as the published program feeds it.

Letters: B sentences, L characters of the longest sentence, M words, N = largest L + M, P distinct distance pairs.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import torch
from torch import Tensor


@dataclass(frozen=True)
class LatticeBatch:
    """Rows of a sentence: its characters, then its words, then padding (0 in every field)."""

    lattice: Tensor  # [B, N] table rows
    bigrams: Tensor  # [B, L] table rows
    seq_len: Tensor  # [B] characters
    lex_num: Tensor  # [B] words
    pos_s: Tensor  # [B, N] first character of each node
    pos_e: Tensor  # [B, N] last character of each node, inclusive
    target: Tensor  # [B, L] tag ids

    @staticmethod
    def of(source: dict) -> "LatticeBatch":
        """From lists or tensors under the names of the fields."""
        return LatticeBatch(
            **{field.name: torch.as_tensor(source[field.name]).long() for field in fields(LatticeBatch)}
        )

    def to(self, device: str) -> "LatticeBatch":
        """The batch on another device."""
        return replace(self, **{field.name: getattr(self, field.name).to(device) for field in fields(self)})

    @property
    def sentences(self) -> int:
        """B."""
        return self.lattice.shape[0]

    @property
    def nodes(self) -> int:
        """N."""
        return self.lattice.shape[1]

    def character_mask(self) -> Tensor:
        """Which of the first L columns are characters. [B, L]"""
        columns = torch.arange(self.target.shape[1], device=self.target.device)
        return columns[None, :] < self.seq_len[:, None]

    def distances(self) -> tuple[Tensor, Tensor]:
        """s_i - s_j and e_i - e_j. Both [B, N, N]"""
        return self.pos_s[:, :, None] - self.pos_s[:, None, :], self.pos_e[:, :, None] - self.pos_e[:, None, :]

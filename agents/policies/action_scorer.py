"""A network that scores every admissible action with the same weights, and the value of the situation."""

from __future__ import annotations

import torch
from torch import nn

__all__ = ["ActionScorer"]


class ActionScorer(nn.Module):
    """Scores of A actions and a value, from the arrays of `wrappers.text_encoder.TextEncoder`.

    A head over action *indices* cannot learn a text world: index 7 is another command in every state. Here one
    small network reads situation h and action a and scores [h, a, h * a], so what is learned of "take mug 1 from
    shelf 2" holds wherever it can be done.

    Args:
        vocabulary: size of the hash table of words.
        num_flags: flags an action has.
        width: size of word embeddings and hidden layers.
    """

    def __init__(self, vocabulary: int, num_flags: int, width: int = 64):
        super().__init__()
        self.words = nn.EmbeddingBag(vocabulary, width, mode="mean", padding_idx=0)
        nn.init.normal_(self.words.weight, std=0.5)
        with torch.no_grad():
            self.words.weight[0] = 0.0
        self.situation = nn.Sequential(nn.Linear(3 * width, width), nn.ReLU(), nn.Linear(width, width))
        self.action = nn.Linear(width + num_flags, width)
        self.score = nn.Sequential(nn.Linear(3 * width, width), nn.ReLU(), nn.Linear(width, 1))
        self.value = nn.Sequential(nn.Linear(2 * width, width), nn.ReLU(), nn.Linear(width, 1))
        for head in (self.score, self.value):  # begin with equal scores and values of about zero
            nn.init.zeros_(head[-1].get_parameter("weight"))

    def forward(self, observation: dict[str, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return logits (B, A), -inf where there is no action, and values (B,)."""
        mask = observation["mask"] > 0
        read = [self.words(observation[key].long()) for key in ("goal", "hand", "observation")]
        h = self.situation(torch.cat(read, dim=-1))
        ids, flags = observation["actions"].long(), observation["flags"].float()
        # On a CPU only the actions that exist are scored; elsewhere the padding is cheaper than waiting for a count.
        if mask.device.type == "cpu":
            row, column = mask.nonzero(as_tuple=True)
            a = self.embed(ids[row, column], flags[row, column])
            scores = self.pair(h[row], a)
            logits = torch.full(mask.shape, -torch.inf).index_put((row, column), scores)
            best = torch.zeros_like(h).scatter_reduce(0, row[:, None].expand_as(a), a, "amax", include_self=False)
        else:
            a = self.embed(ids.flatten(0, 1), flags.flatten(0, 1)).unflatten(0, mask.shape)
            scores = self.pair(h[:, None].expand_as(a), a)
            logits = scores.masked_fill(~mask, -torch.inf)
            best = a.masked_fill(~mask[..., None], -torch.inf).amax(1)
        return logits, self.value(torch.cat([h, best], dim=-1)).squeeze(-1)

    def embed(self, ids: torch.Tensor, flags: torch.Tensor) -> torch.Tensor:
        """Return action vectors (N, width) of word ids (N, K) and flags (N, F)."""
        return torch.relu(self.action(torch.cat([self.words(ids), flags], dim=-1)))

    def pair(self, h: torch.Tensor, a: torch.Tensor) -> torch.Tensor:
        """Return the scores (...,) of situations and actions (..., width)."""
        return self.score(torch.cat([h, a, h * a], dim=-1)).squeeze(-1)

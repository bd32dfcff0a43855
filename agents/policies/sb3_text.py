"""The action scorer as Stable-Baselines3 policies, with and without sb3-contrib's action masks."""

from __future__ import annotations

from typing import Any

import torch
from sb3_contrib.common.maskable.distributions import MaskableCategoricalDistribution
from sb3_contrib.common.maskable.policies import MaskableActorCriticPolicy
from stable_baselines3.common.distributions import CategoricalDistribution
from stable_baselines3.common.policies import ActorCriticPolicy
from stable_baselines3.common.torch_layers import FlattenExtractor
from torch import nn

from .action_scorer import ActionScorer

__all__ = ["MaskableTextPolicy", "TextPolicy"]


class _Unflattened(FlattenExtractor):
    """Keeps SB3 from building an extractor for the Dict observation, which the scorer reads itself."""

    def __init__(self, observation_space: Any):
        nn.Module.__init__(self)
        self._observation_space, self._features_dim = observation_space, 1


class _Scores:
    """Replaces SB3's extractor, trunk and heads by one `ActionScorer`.

    The observation says itself which actions exist, so the masks that MaskablePPO passes add nothing.
    """

    scorer: ActionScorer

    def __init__(self, *args: Any, width: int = 64, **kwargs: Any):
        self.width = width
        super().__init__(*args, **(kwargs | {"features_extractor_class": _Unflattened}))

    def _get_constructor_parameters(self) -> dict[str, Any]:
        return super()._get_constructor_parameters() | {"width": self.width}  # type: ignore[misc]

    def _build(self, lr_schedule: Any) -> None:
        space = self.observation_space  # type: ignore[attr-defined]
        vocabulary = int(space["goal"].high.flat[0]) + 1
        self.scorer = ActionScorer(vocabulary, space["flags"].shape[-1], self.width)
        self.optimizer = self.optimizer_class(  # type: ignore[attr-defined]
            self.parameters(),  # type: ignore[attr-defined]
            lr=lr_schedule(1),
            **self.optimizer_kwargs,  # type: ignore[attr-defined]
        )

    def _distribution(self, logits: torch.Tensor) -> Any:
        kind = (
            MaskableCategoricalDistribution if isinstance(self, MaskableActorCriticPolicy) else CategoricalDistribution
        )
        # Large and negative instead of -inf: the entropy of a masked action is then 0 and not NaN.
        return kind(logits.shape[-1]).proba_distribution(action_logits=logits.clamp(min=-1e8))

    def forward(
        self, obs: dict[str, torch.Tensor], deterministic: bool = False, action_masks: Any = None
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return actions (B,), values (B, 1) and log-probabilities (B,)."""
        logits, values = self.scorer(obs)
        distribution = self._distribution(logits)
        actions = distribution.get_actions(deterministic=deterministic)
        return actions, values[:, None], distribution.log_prob(actions)

    def evaluate_actions(
        self, obs: dict[str, torch.Tensor], actions: torch.Tensor, action_masks: Any = None
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return values (B, 1), log-probabilities (B,) and entropies (B,)."""
        logits, values = self.scorer(obs)
        distribution = self._distribution(logits)
        return values[:, None], distribution.log_prob(actions.long()), distribution.entropy()

    def get_distribution(self, obs: dict[str, torch.Tensor], action_masks: Any = None) -> Any:
        """Return the distribution over action indices."""
        return self._distribution(self.scorer(obs)[0])

    def predict_values(self, obs: dict[str, torch.Tensor]) -> torch.Tensor:
        """Return values (B, 1)."""
        return self.scorer(obs)[1][:, None]


class MaskableTextPolicy(_Scores, MaskableActorCriticPolicy):  # type: ignore[misc]
    """For `sb3_contrib.MaskablePPO`. `width` is the size of embeddings and hidden layers; the rest as in SB3."""


class TextPolicy(_Scores, ActorCriticPolicy):  # type: ignore[misc]
    """For SB3's own on-policy algorithms. `width` is the size of embeddings and hidden layers; the rest as in SB3."""

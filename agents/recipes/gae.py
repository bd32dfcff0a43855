"""PPO as it is mostly used: segments of many envs, a value head, and GAE."""

from __future__ import annotations

from dataclasses import dataclass

from ...reward_models.transforms.base import Column
from ..advantages.gae import GAE
from ..losses.clipped import ClippedLoss
from ..recipe import Context, Parts, Recipe, register

__all__ = ["GAERecipe"]


@register
@dataclass(frozen=True)
class GAERecipe(Recipe):
    """Plays 16 steps in each of 64 envs, and credits steps by how much better things went than the value head thought.

        A_k = sum_{j >= k} (gamma lambda)^(j - k) (r_j + gamma V_{j+1} - V_j)

    No groups: a batch is a cut through many episodes, so an update comes every 1024 steps however long episodes are.
    This is the policy of the group-based recipes under the usual PPO, to tell what the groups are good for.

    How it can be gamed: as the reward that it is given.
    Compare with: `grpo`, `gigpo`, and the library's own "ppo".

    Args:
        lam: lambda.
        clip, value: of the loss.
        normalise: standardise advantages over the batch.
    """

    name = "gae"
    source = "Schulman et al. (arXiv 1506.02438, 2016, and 1707.06347, 2017)"
    status = "confirmed"
    checked = "tests/process/test_gae.py::test_the_two_ends_of_lambda"

    segment: int = 16
    num_envs: int = 64
    gamma: float = 0.99
    lam: float = 0.95
    clip: float = 0.2
    value: float = 0.5
    normalise: bool = True

    def parts(self, context: Context) -> Parts:
        """Return the reward as it is paid, and GAE."""
        loss = ClippedLoss(clip=self.clip, entropy=self.entropy, value=self.value)
        return Parts(Column("paid"), GAE(self.gamma, self.lam, self.normalise), loss)

"""guerdon: swap the reward of a task, train the same agent, see what it really achieves.

Sixty seconds::

    import gymnasium as gym
    import guerdon

    env = guerdon.make("guerdon:guerdon/Household-v0", reward="household/plan-distance-v1")
    observation, info = env.reset(seed=0)
    observation, reward, terminated, truncated, info = env.step(info["expert_action"])
    print(reward, info["reward_terms"], info["reward_env"], info["is_success"])

`import guerdon` registers the envs with gymnasium; `gymnasium.make("guerdon:guerdon/Household-v0")` needs no
import at all. Everything heavy (torch, Stable-Baselines3, matplotlib) is imported where it is used.
"""

from ._version import __version__
from .envs.registration import register_envs
from .wrappers.make import make, make_vec

__all__ = ["__version__", "make", "make_vec"]

register_envs()

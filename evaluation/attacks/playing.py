"""Playing actions that were made up, so that what follows from them is true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import gymnasium as gym

from ...core.trajectory import Step, Trajectory

__all__ = ["Replayer"]


class Replayer:
    """One env that plays given actions on given tasks; every step is kept with its privileged state.

    Args:
        env_id, env_kwargs: the env.
    """

    def __init__(self, env_id: str, env_kwargs: Mapping[str, Any]):
        self._env = gym.make(env_id, **env_kwargs)

    def close(self) -> None:
        """Close the env."""
        self._env.close()

    def play(self, task_id: str, seed: int, actions: Sequence[Any]) -> Trajectory | None:
        """Return the episode; None if it takes no step.

        Actions that cannot be done do nothing, as in the env. If they are used up before the episode ends, it stops
        there as if the time were over.
        """
        env: Any = self._env
        base = env.unwrapped
        obs, info = env.reset(seed=seed, options={"task": task_id})
        state, steps = base.state, []
        keys = [key for key in base.metadata.get("text_info", ()) if key != "admissible_actions"]
        for action in actions:
            new, paid, terminated, truncated, told = env.step(action)
            after = base.state
            steps.append(
                Step(
                    obs=obs,
                    action=action,
                    next_obs=new,
                    terminated=bool(terminated),
                    truncated=bool(truncated),
                    success=bool(told["is_success"]),
                    state=state,
                    next_state=after,
                    admissible=tuple(info.get("admissible_actions", ())),
                    valid=told.get("failure") is None,
                    state_key=obs if isinstance(obs, str | int) else None,
                    reward=float(paid),
                    text={key: told[key] for key in keys if key in told},
                    scores=_plans(info, told),
                )
            )
            obs, info, state = new, told, after
            if terminated or truncated:
                break
        if not steps:
            return None
        last = steps[-1]
        last.truncated = last.truncated or not last.terminated
        score = float(info.get("objective", base.objective))
        return Trajectory(task_id, seed, steps, score, {"length": float(len(steps))}, truncated=not last.terminated)


def _plans(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, float]:
    if "plan_length" not in before:
        return {}
    return {"plan_before": float(before["plan_length"]), "plan_after": float(after["plan_length"])}

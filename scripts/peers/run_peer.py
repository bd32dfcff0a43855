"""Lets one other tool examine recorded cases; runs by path, in an interpreter that has the tool, and needs no guerdon.

    python scripts/peers/run_peer.py TOOL CASES.json OUT.json

CASES is what `guerdon.scripts.audit_cases` makes: episodes under a reward and, for tabular worlds, the tables. OUT has
an entry for each case: whether the tool objects (null where it cannot say), to what, and how long it took. How each
tool is called, and what counts as an objection, is said beside its function.
"""

from __future__ import annotations

import itertools
import json
import sys
import tempfile
import time
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

__all__ = ["TOOLS", "main"]


def replay_env(case: dict[str, Any], names: list[str]) -> Any:
    """Return a Gymnasium env that plays recorded episodes in turn, whatever the action; tables are in its `P`."""
    import gymnasium as gym
    import numpy as np

    def space(told: dict[str, Any]) -> Any:
        if told["kind"] == "discrete":
            return gym.spaces.Discrete(told["n"])
        if told["kind"] == "box":
            low, high = (np.array(told[end], dtype=np.float32) for end in ("low", "high"))
            return gym.spaces.Box(low, high, dtype=np.float32)
        return gym.spaces.Text(told["n"])

    numbers = case["observations"]["kind"] == "box"

    def seen(obs: Any) -> Any:
        return np.array(obs, dtype=np.float32) if numbers else obs

    class Replay(gym.Env):
        observation_space, action_space = space(case["observations"]), space(case["actions"])

        def __init__(self) -> None:
            self.episodes = itertools.cycle([one for name in names for one in case["episodes"][name]])
            self.steps: list[Any] = []
            self.P = _table(case["tables"]) if case["tables"] else None

        def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
            episode = next(self.episodes)
            self.steps = list(reversed(episode["steps"]))
            return seen(episode["start"]), {}

        def step(self, action: Any) -> Any:
            one = self.steps.pop()
            return seen(one["obs"]), one["reward"], one["terminated"], one["truncated"], dict(one["terms"])

        def next_action(self) -> Any:
            action = self.steps[-1]["action"]
            return np.array(action, dtype=np.float32) if case["actions"]["kind"] == "box" else action

    return Replay


def _table(tables: dict[str, Any]) -> dict[int, Any]:
    """Return the tables as Gymnasium's toy-text envs have them: (probability, next state, reward, over)."""
    over = tables["terminal"]
    return {
        state: {
            action: [(1.0, state, 0.0, True)]
            if over[state]
            else [(1.0, after, tables["rewards"][state][action], over[after])]
            for action, after in enumerate(row)
        }
        for state, row in enumerate(tables["next"])
    }


def goodhart(case: dict[str, Any]) -> dict[str, Any]:
    """`goodhart --detect`: 20 random episodes of a registered env, then all rules. A critical verdict objects.

    Its other ways in want the reward declared by hand, with flags such as "can be farmed in a loop": the answer.
    """
    import gymnasium as gym

    engine, detect = import_module("goodhart").TrainingAnalysisEngine, import_module("goodhart.detect")
    gym.register("Case-v0", entry_point=replay_env(case, ["random"]), max_episode_steps=case["horizon"])
    try:
        model, _ = detect.detect_env("Case-v0")
    finally:
        del gym.registry["Case-v0"]
    result = engine().add_all_rules().analyze(model)
    return {"flagged": not result.passed, "detail": ", ".join(one.rule_name for one in result.criticals)}


def reward_scope(case: dict[str, Any]) -> dict[str, Any]:
    """`RewardScopeWrapper` as in its README, on random episodes and then on those of whoever is paid best.

    Any alert that is not suppressed, in an episode of the latter, objects. `random` says the same of random ones.
    """
    wrapper = import_module("reward_scope.integrations.gymnasium").RewardScopeWrapper
    kind = replay_env(case, ["random", "best"])
    alerts: dict[str, set[str]] = {"random": set(), "best": set()}
    steps = 0

    def play(env: Any, wrapped: bool) -> float:
        nonlocal steps
        spent = time.process_time()
        for name in alerts:
            for _ in case["episodes"][name]:
                env.reset()
                over = False
                while not over:
                    _, _, terminated, truncated, info = env.step(env.unwrapped.next_action())
                    steps += 1
                    over = terminated or truncated
                    if wrapped:
                        alerts[name] |= {one["type"] for one in info["hacking_alerts"]}
        return time.process_time() - spent

    bare = play(kind(), False)
    with tempfile.TemporaryDirectory() as folder:
        env = wrapper(kind(), run_name="case", storage_dir=folder)
        wrapped = play(env, True)
        env.close()
    return {
        "flagged": bool(alerts["best"]),
        "detail": ", ".join(sorted(alerts["best"])),
        "random": bool(alerts["random"]),
        "overhead_us": (wrapped - bare) / (steps / 2) * 1e6,
    }


def rcfuzz(case: dict[str, Any]) -> dict[str, Any]:
    """`rcfuzz audit` of a Gymnasium env with a table `P`, against the expert's actions. An exploit found objects.

    Cases without tables cannot be audited exactly; its sampled mode needs a live env and a closed-loop expert.
    """
    if not case["tables"]:
        return {"flagged": None, "detail": "no tables"}
    import gymnasium as gym

    tool, adapters = import_module("rcfuzz"), import_module("rcfuzz.adapters")
    gym.register("Case-v0", entry_point=replay_env(case, ["random"]), max_episode_steps=case["horizon"])
    names = [str(number) for number in range(len(case["tables"]["next"][0]))]
    try:
        spec = adapters.gymnasium_spec("Case-v0", case["tables"]["intended"], case["horizon"], action_names=names)
        found = tool.audit_spec(spec)
    except adapters.AuditNotApplicable as error:
        return {"flagged": None, "detail": str(error)}
    finally:
        del gym.registry["Case-v0"]
    return {"flagged": found.flagged, "detail": f"gap {found.gap:.3g}, margin {found.margin:.3g}"}


TOOLS = {
    "goodhart": (goodhart, "goodhart"),
    "reward-scope": (reward_scope, "reward-scope"),
    "reward-contract-fuzzer": (rcfuzz, "reward-contract-fuzzer"),
}
"""The tools: the function that calls each, and the name of its distribution."""


def main(argv: list[str]) -> int:
    """Let a tool examine all cases."""
    tool, cases, out = argv
    call, package = TOOLS[tool]
    try:
        found: dict[str, Any] = {"version": version(package), "cases": {}}
    except ModuleNotFoundError:
        print(f"{tool} is not installed in this interpreter", file=sys.stderr)
        return 3
    for name, case in json.loads(Path(cases).read_text("utf-8")).items():
        began = time.process_time()
        try:
            row = call(case)
        except Exception as error:  # whatever the tool raises is its answer
            row = {"flagged": None, "detail": f"{type(error).__name__}: {error}"}
        found["cases"][name] = {**row, "seconds": round(time.process_time() - began, 4)}
    Path(out).write_text(json.dumps(found, indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

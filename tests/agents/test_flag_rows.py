"""The fast ways to an action's flags are equal to the plain one, for every memory in its own world."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from guerdon.wrappers.text_memory import MEMORIES, TextMemory


def plain(memory: TextMemory, admissible: list[str]) -> np.ndarray:
    return np.array([memory.flags(action) for action in admissible], np.float32)


@pytest.mark.parametrize("name", list(MEMORIES))
def test_rows_and_tables_are_the_flags_of_each_action(name: str) -> None:
    kind, rng = MEMORIES[name], np.random.default_rng(0)
    world = kind.worlds[0] if kind.worlds else "Household"
    env: Any = gym.make_vec(f"guerdon:guerdon/{world}-v0", num_envs=5, autoreset_mode="Disabled")
    seen, info = env.reset(seed=3)
    offered = list(info["admissible_actions"])
    memories = [kind(*one) for one in zip(seen, offered, strict=True)]
    told = set()
    for step in range(60):
        table = kind.flag_table(memories, offered)
        assert table.dtype == np.float32
        expected = [plain(*one) for one in zip(memories, offered, strict=True)]
        np.testing.assert_array_equal(table, np.concatenate(expected))
        for memory, admissible, rows in zip(memories, offered, expected, strict=True):
            np.testing.assert_array_equal(memory.flag_rows(admissible), rows)
            np.testing.assert_array_equal(memory.flag_rows([*admissible, admissible[0]]), [*rows, rows[0]])
        told |= set(np.flatnonzero(table.any(0)).tolist())
        experts = info.get("expert_action", [None] * 5)
        taken = [
            expert if expert in actions and step % 2 else actions[rng.integers(len(actions))]
            for expert, actions in zip(experts, offered, strict=True)
        ]
        seen, _, terminated, truncated, info = env.step(taken)
        done = terminated | truncated
        if done.any():
            seen, fresh = env.reset(options={"reset_mask": done})
            info = {key: np.where(done, fresh[key], info[key]) for key in info if key in fresh and key[0] != "_"
                    and key in ("admissible_actions", "expert_action")}  # fmt: skip
        offered = list(info["admissible_actions"])
        for row, over in enumerate(done):
            if over:
                memories[row] = kind(seen[row], offered[row])
            else:
                memories[row].update(taken[row], seen[row], offered[row])
    assert len(told) >= min(len(kind.FLAGS), 4), "the episodes tell too little"

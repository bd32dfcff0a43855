"""One arm alone takes another road through the control than many do, and arrives at the same bits."""

from __future__ import annotations

import numpy as np
import pytest

from guerdon.envs.manipulation.robot.control import CONTROLS, EndEffectorControl
from guerdon.envs.manipulation.robot.kinematics import LOWER, REST, UPPER


@pytest.mark.parametrize("spread", [0.05, 0.4, 3.0])
@pytest.mark.parametrize("name", CONTROLS)
def test_one_arm_does_what_many_do(name: str, spread: float) -> None:
    control, rng, size = CONTROLS[name](), np.random.default_rng(7), 24
    q = np.clip(REST + rng.normal(0, spread, (size, 7)), LOWER, UPPER)
    memory = control.begin(np.clip(q + rng.normal(0, spread / 4, q.shape), LOWER, UPPER))
    for step in range(12):
        # Beyond [-1, 1] in part, and on one side for long, which leads to the limits.
        action = rng.uniform(-1.3, 1.3, (size, control.action_size)) + np.sin(step / 3)
        many = control(q, action, memory)
        for row in range(size):
            one = control(q[row : row + 1], action[row : row + 1], memory[row : row + 1])
            for found, wanted in zip(one, many, strict=True):
                np.testing.assert_array_equal(found[0], wanted[row])
                assert found.shape == (1, *wanted.shape[1:])
        q, memory = np.clip(q + 0.6 * (many[0] - q) + rng.normal(0, 0.01, q.shape), LOWER, UPPER), many[2]


def test_the_poses_cover_both_roads() -> None:
    control, rng = EndEffectorControl(), np.random.default_rng(3)

    def plain(spread: float) -> int:
        q = np.clip(REST + rng.normal(0, spread, (60, 7)), LOWER, UPPER)
        memory, action = control.begin(q), rng.uniform(-1, 1, (60, 4))
        return sum(control._one(q[i : i + 1], action[i : i + 1], memory[i : i + 1]) is not None for i in range(60))

    assert plain(0.05) == 60
    assert 0 < plain(3.0) < 60


@pytest.mark.parametrize("name", CONTROLS)
def test_results_are_new_arrays(name: str) -> None:
    control = CONTROLS[name]()
    memory = control.begin(REST[None])
    joints, opening, after = control(REST[None], np.zeros((1, control.action_size)), memory)
    kept = after.copy()
    joints += 1.0
    opening += 1.0
    np.testing.assert_array_equal(after, kept)

"""BARFI: the implicit gradient is the gradient, and misleading heuristics are bent straight."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from guerdon.agents.bilevel import Problem, align, fixed_point, implicit_gradient
from guerdon.envs.tabular.mdp import TabularMDP
from guerdon.envs.tabular.solvers import value_iteration
from guerdon.scripts.studies.barfi import GAMMA, line


@pytest.mark.parametrize("seed", range(3))
def test_the_implicit_gradient_is_the_gradient(seed: int) -> None:
    rng = np.random.default_rng(seed)
    mdp = TabularMDP(
        transitions=rng.dirichlet(np.ones(3), size=(3, 2)),
        rewards=np.zeros((3, 2)),
        terminal=np.zeros(3, dtype=bool),
        start=np.full(3, 1 / 3),
        admissible=np.ones((3, 2), dtype=bool),
    )
    problem = Problem(mdp, rng.normal(size=(3, 2)), rng.normal(size=(3, 2)), 0.8, 1e-2, 0.1)
    phi = problem.begin() + torch.tensor(0.1 * rng.normal(size=13))
    theta = fixed_point(problem, torch.zeros(6, dtype=torch.float64), phi, 300)
    slope = torch.autograd.functional.jacobian(lambda t: problem.inner(t, phi), theta)
    assert float(slope.abs().max()) < 1e-8  # it is a fixed point
    ours = implicit_gradient(problem, theta, phi).numpy()
    step, central = 1e-4, []
    for place in range(13):
        nudge = torch.zeros(13, dtype=torch.float64)
        nudge[place] = step
        ends = [problem.outer(fixed_point(problem, theta, phi + sign * nudge, 300)) for sign in (1, -1)]
        central.append(float(ends[0] - ends[1]) / (2 * step))
    np.testing.assert_allclose(ours, central, rtol=1e-3, atol=1e-6)


def test_a_misleading_heuristic_is_bent_straight() -> None:
    mdp, true, helpful, misleading = line(np.random.default_rng(0))
    best = float(mdp.start @ value_iteration(mdp.with_rewards(true), GAMMA).values)
    bent = align(mdp, true, misleading, GAMMA, steps=40)
    assert bent.returns[0] < 0.3 * best  # the plain sum
    assert bent.returns[-1] > 0.95 * best
    used = align(mdp, true, helpful, GAMMA, steps=40)
    assert used.returns[-1] > 0.97 * best
    assert used.heuristic_weight.mean() > bent.heuristic_weight.mean()
    assert bent.policy.sum() == pytest.approx(mdp.num_states)

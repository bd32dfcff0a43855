"""BARFI: a heuristic reward is bent, with its discount, until the policy that it teaches is good under the true one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from ..envs.tabular.mdp import TabularMDP

__all__ = ["Aligned", "Problem", "align", "fixed_point", "implicit_gradient"]


@dataclass(frozen=True)
class Aligned:
    """What came of aligning a heuristic.

    Attributes:
        policy: (S, A).
        returns: true discounted return of the policy after each outer step.
        own: phi1 (S, A), what is paid beside both rewards.
        true_weight, heuristic_weight: phi2 and phi3 (S,).
        gamma: the learned discount of the inner problem.
    """

    policy: np.ndarray
    returns: tuple[float, ...]
    own: np.ndarray
    true_weight: np.ndarray
    heuristic_weight: np.ndarray
    gamma: float


class Problem:
    """The inner problem of a tabular world, in closed form.

    f(theta, phi) = J(pi_theta; phi1 + phi2 r_true + phi3 r_heuristic, sigmoid(phi4)) + entropy H - ridge/2 |theta|^2
    """

    def __init__(
        self, mdp: TabularMDP, true: np.ndarray, heuristic: np.ndarray, gamma: float, ridge: float, entropy: float
    ):
        self.chances = torch.tensor(mdp.probabilities * ~mdp.terminal[:, None, None], dtype=torch.float64)
        self.live = torch.tensor(~mdp.terminal, dtype=torch.float64)
        self.start = torch.tensor(mdp.start, dtype=torch.float64)
        self.closed = torch.tensor(~mdp.admissible & ~mdp.terminal[:, None])
        self.true, self.heuristic = (torch.tensor(table, dtype=torch.float64) for table in (true, heuristic))
        self.gamma, self.ridge, self.entropy = gamma, ridge, entropy
        self.size = mdp.num_states, mdp.num_actions

    def policy(self, theta: torch.Tensor) -> torch.Tensor:
        """Return the softmax policy (S, A) of logits (S * A,)."""
        return theta.view(self.size).masked_fill(self.closed, -torch.inf).softmax(dim=1)

    def worth(self, policy: torch.Tensor, paid: torch.Tensor, gamma: torch.Tensor | float) -> torch.Tensor:
        """Return the discounted return of a policy (S, A) under what each action pays (S, A)."""
        step = torch.einsum("sa,sat->st", policy, self.chances)
        mean = (policy * paid).sum(dim=1) * self.live
        return self.start @ torch.linalg.solve(torch.eye(self.size[0], dtype=torch.float64) - gamma * step, mean)

    def inner(self, theta: torch.Tensor, phi: torch.Tensor) -> torch.Tensor:
        """Return f(theta, phi)."""
        policy, (own, first, second, gamma) = self.policy(theta), self.split(phi)
        spread = -(policy * policy.clamp(min=1e-300).log()).sum(dim=1, keepdim=True)
        paid = own + first[:, None] * self.true + second[:, None] * self.heuristic + self.entropy * spread
        return self.worth(policy, paid, gamma) - 0.5 * self.ridge * theta.square().sum()

    def outer(self, theta: torch.Tensor) -> torch.Tensor:
        """Return the true return, with the true discount."""
        return self.worth(self.policy(theta), self.true, self.gamma)

    def split(self, phi: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return phi1 (S, A), phi2 (S,), phi3 (S,) and the learned discount."""
        states, actions = self.size
        own, first, second, last = phi.split([states * actions, states, states, 1])
        return own.view(self.size), first, second, torch.sigmoid(last[0])

    def begin(self) -> torch.Tensor:
        """Return phi at which what is paid is the plain sum of both rewards, with the true discount."""
        states, actions = self.size
        one = torch.ones(states, dtype=torch.float64)
        last = torch.logit(torch.tensor([self.gamma], dtype=torch.float64))
        return torch.cat([torch.zeros(states * actions, dtype=torch.float64), one, one, last])


def fixed_point(problem: Problem, theta: torch.Tensor, phi: torch.Tensor, rounds: int = 60) -> torch.Tensor:
    """Return the theta at which the gradient of the inner problem vanishes, from `theta` on (L-BFGS)."""
    moved = theta.detach().clone().requires_grad_(True)
    solver = torch.optim.LBFGS(
        [moved], lr=1.0, max_iter=rounds, tolerance_grad=1e-11, tolerance_change=1e-14, line_search_fn="strong_wolfe"
    )

    def closure() -> torch.Tensor:
        solver.zero_grad()
        loss = -problem.inner(moved, phi.detach())
        loss.backward()
        return loss

    solver.step(closure)
    for _ in range(4):  # Newton's method for the last digits
        theta = moved.detach().requires_grad_(True)
        slope, hessian = _curvature(problem, theta, phi.detach())
        better = theta.detach() - torch.linalg.solve(hessian, slope.detach())
        after, _ = _curvature(problem, better.requires_grad_(True), phi.detach())
        if after.detach().abs().max() >= slope.detach().abs().max():
            break
        moved = better
    return moved.detach()


def _curvature(problem: Problem, theta: torch.Tensor, phi: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return gradient and Hessian of the inner problem by theta; the gradient with its graph."""
    slope = torch.autograd.grad(problem.inner(theta, phi), theta, create_graph=True)[0]
    return slope, torch.stack([torch.autograd.grad(one, theta, retain_graph=True)[0] for one in slope])


def implicit_gradient(problem: Problem, theta: torch.Tensor, phi: torch.Tensor) -> torch.Tensor:
    """Return d J_true(theta(phi)) / d phi at a fixed point of the inner problem, by the implicit function theorem.

    With D = grad_theta f(theta, phi) = 0 it is -(dJ/dtheta) (dD/dtheta)^-1 (dD/dphi); the ridge makes dD/dtheta
    regular.
    """
    theta, phi = theta.detach().requires_grad_(True), phi.detach().requires_grad_(True)
    slope, hessian = _curvature(problem, theta, phi)
    upward = torch.autograd.grad(problem.outer(theta), theta)[0]
    vector = torch.linalg.solve(hessian.T, upward)
    return -torch.autograd.grad(slope, phi, grad_outputs=vector)[0]


def align(
    mdp: TabularMDP,
    true: np.ndarray,
    heuristic: np.ndarray,
    gamma: float = 0.95,
    *,
    steps: int = 150,
    learning_rate: float = 0.1,
    discount_cost: float = 0.0,
    ridge: float = 1e-3,
    entropy: float = 0.02,
    on_step: Callable[[int, float], None] | None = None,
) -> Aligned:
    """Bend a heuristic reward until what is learned from it is good under the true reward.

        max over phi of J_true(theta(phi)) - discount_cost * gamma_phi,   theta(phi) = argmax f(theta, phi)
        r_phi = phi1(s, a) + phi2(s) r_true + phi3(s) r_heuristic, discounted by gamma_phi = sigmoid(phi4)

    Where the heuristic is misleading phi3 falls; where it helps it stays, and gamma_phi falls, because a dense reward
    needs no far sight. Gamed by: nothing that the true return does not show, since that is what is climbed; but a true
    return that is estimated badly is climbed just as well.

    Source: Gupta et al., "Behavior Alignment via Reward Function Optimization", NeurIPS 2023, arXiv 2310.19007. The
    form of r_phi and the hypergradient are from the paper; step sizes, ridge and entropy are ours; this is the exact
    version for tabular worlds.

    Args:
        mdp: the world; its own rewards do not count.
        true: the primary reward (S, A).
        heuristic: the designer's auxiliary reward (S, A).
        gamma: the true discount.
        steps: outer steps.
        learning_rate: of Adam on phi.
        discount_cost: what the learned discount costs; above 0 it is pushed down.
        ridge: keeps the inner problem's Hessian regular.
        entropy: bonus for the entropy of the policy, without which the best policies lie at infinity.
        on_step: told the number of the step and the true return.
    """
    problem = Problem(mdp, true, heuristic, gamma, ridge, entropy)
    theta = torch.zeros(mdp.num_states * mdp.num_actions, dtype=torch.float64)
    phi = problem.begin().requires_grad_(True)
    solver = torch.optim.Adam([phi], lr=learning_rate)
    returns = []
    for number in range(steps + 1):
        theta = fixed_point(problem, theta, phi)
        returns.append(float(problem.outer(theta)))
        if on_step is not None:
            on_step(number, returns[-1])
        if number == steps:
            break
        phi.grad = -implicit_gradient(problem, theta, phi)
        last = phi.detach()[-1]
        phi.grad[-1] += discount_cost * float(torch.sigmoid(last) * torch.sigmoid(-last))
        solver.step()
    own, first, second, last = problem.split(phi.detach())
    return Aligned(
        problem.policy(theta).numpy(), tuple(returns), own.numpy(), first.numpy(), second.numpy(), float(last)
    )

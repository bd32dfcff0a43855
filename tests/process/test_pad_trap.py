"""PadTrap: a scorer that loves padding. Its sum teaches padding; its minimum, clip-delta and the outcome do not."""

from __future__ import annotations

import numpy as np
import pytest

from guerdon.agents.advantages.reinforce import Reinforce
from guerdon.core.trajectory import Batch, Group, Trajectory
from guerdon.envs.tabular.padtrap import padtrap_mdp
from guerdon.reward_models.transforms.base import Column, Outcome, RewardTransform
from guerdon.reward_models.transforms.clip_delta import Clip, Delta
from guerdon.reward_models.transforms.min_form import MinForm

from .batches import CORRECT, flawed, of_path, paths

SEEDS, SIZE, RATE = 5, 16, 0.5


class Learner:
    """Softmax REINFORCE on a table, five seeds at once: a seed is a group of a batch, 16 episodes an iteration.

    PadTrap has only 15 different episodes, so each is recorded and paid once, and a batch refers to them.
    """

    def __init__(self, needs: int, transform: RewardTransform):
        scored = flawed(needs)
        ways = paths(scored)
        self.mdp, self.episodes = scored, [self._record(path) for path in ways]
        self.correct = np.array([path.states[-1] == CORRECT for path in ways])
        self.lengths = np.array([len(path.actions) for path in ways])
        self.proxy = np.array([sum(path.rewards) for path in ways])
        everything = Batch([Group("padtrap", self.episodes)])
        self.payments = transform(everything)
        # (episodes, steps): which entries of the table a way goes through; the rest of a short one goes nowhere.
        self.states = np.full((len(ways), 4), scored.num_states)
        self.actions = np.zeros((len(ways), 4), dtype=int)
        for row, path in enumerate(ways):
            self.states[row, : len(path.actions)] = path.states[:-1]
            self.actions[row, : len(path.actions)] = path.actions
        self.logits = np.zeros((SEEDS, scored.num_states + 1, scored.num_actions))
        self.logits[:, :-1][:, ~scored.admissible] = -np.inf
        self.logits[:, scored.terminal.nonzero()[0]] = self.logits[:, -1] = 0.0

    @staticmethod
    def _record(path) -> Trajectory:
        one = of_path(path, "prm")
        one.steps[-1].reward = float(path.states[-1] == CORRECT)
        return one

    def policy(self) -> np.ndarray:
        weights = np.exp(self.logits - self.logits.max(axis=2, keepdims=True))
        return weights / weights.sum(axis=2, keepdims=True)

    def chances(self, policy: np.ndarray) -> np.ndarray:
        """The probability of each episode, (seeds, episodes)."""
        along = policy[:, self.states, self.actions]
        return np.where(self.states < self.mdp.num_states, along, 1.0).prod(axis=2)

    def train(self, iterations: int) -> None:
        rng, place = np.random.default_rng(0), np.arange(SEEDS)[:, None, None]
        for iteration in range(iterations):
            policy = self.policy()
            levels = self.chances(policy).cumsum(axis=1)
            drawn = (rng.random((SEEDS, SIZE, 1)) * levels[:, None, -1:] >= levels[:, None]).sum(axis=2)
            groups = [Group("padtrap", [self.episodes[way] for way in ways]) for ways in drawn.tolist()]
            paid = [self.payments[way] for way in drawn.ravel().tolist()]
            credit = np.zeros((SEEDS * SIZE, 4))
            for row, values in zip(credit, Reinforce()(Batch(groups, iteration), paid), strict=True):
                row[: len(values)] = values
            credit = credit.reshape(SEEDS, SIZE, 4) * (self.states[drawn] < self.mdp.num_states) / SIZE
            step = np.zeros_like(policy)
            np.add.at(step, (place, self.states[drawn], self.actions[drawn]), credit)
            visits = np.zeros(policy.shape[:2])
            np.add.at(visits, (place, self.states[drawn]), credit)
            self.logits += RATE * (step - visits[:, :, None] * policy)

    def figures(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Accuracy, sum of the scorer's scores and length, exactly, one for each seed."""
        chances = self.chances(self.policy())
        return chances @ self.correct, chances @ self.proxy, chances @ self.lengths


def trained(needs: int, transform: RewardTransform, iterations: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    learner = Learner(needs, transform)
    learner.train(iterations)
    return learner.figures()


PRM = Column("prm")


def test_the_trap_is_as_described() -> None:
    learner = Learner(2, Outcome())
    assert len(learner.episodes) == 15
    assert learner.proxy.max() == pytest.approx(1.8)
    assert not learner.correct[learner.proxy.argmax()]
    assert learner.mdp.horizon == padtrap_mdp().horizon == 4


def test_the_sum_of_scores_teaches_padding() -> None:
    accuracy, proxy, _ = trained(2, PRM, 800)
    assert (accuracy <= 0.05).all()
    assert (proxy >= 1.75).all()


def test_the_smallest_score_does_not() -> None:
    accuracy, proxy, _ = trained(2, MinForm(PRM, temperature=0.1), 800)
    assert (accuracy >= 0.95).all()
    assert (proxy <= 1.4).all()


def test_the_outcome_alone_is_learned() -> None:
    assert (trained(2, Outcome(), 800)[0] >= 0.95).all()


def test_where_no_step_is_to_spare_the_sum_drowns_the_outcome_and_clip_delta_does_not() -> None:
    assert (trained(3, 1.5 * PRM + Outcome(), 600)[0] <= 0.05).all()
    assert (trained(3, 1.5 * Delta(Clip(PRM, threshold=0.2)) + Outcome(), 600)[0] >= 0.95).all()
    assert (trained(3, 1.5 * MinForm(PRM) + Outcome(), 600)[0] >= 0.95).all()


def test_a_threshold_above_honest_steps_teaches_to_answer_at_once() -> None:
    strict = Delta(Clip(PRM, threshold=0.5))
    accuracy, _, length = trained(3, 1.5 * strict + Outcome(), 600)
    assert (accuracy <= 0.05).all()
    assert (length <= 2.5).all()
    assert (trained(3, 0.3 * strict + Outcome(), 600)[0] >= 0.95).all()

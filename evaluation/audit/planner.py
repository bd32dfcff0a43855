"""The best way to be paid in a small world, exactly: what no search can beat."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import gymnasium as gym
import numpy as np

from ...core.random import derive_seed
from ...core.transition import Transition
from ...envs.tabular.env import TabularEnv
from ...envs.tabular.failure import Failure
from ...envs.tabular.problem import Problem
from ...envs.tabular.state import TabularState
from ...reward_models import Reward
from .finding import Played
from .hand import Hand

__all__ = ["is_tabular", "payments", "plan_exploit"]

TIE = 1e-9
MOST = 4_000_000


def is_tabular(env_id: str, env_kwargs: Mapping[str, Any]) -> bool:
    """Return whether the tables of an env are known, and small enough to plan with."""
    env = gym.make(env_id, **env_kwargs)
    base = env.unwrapped
    small = False
    if isinstance(base, TabularEnv):
        problem = base.catalogue.problem(base.catalogue.tasks[0])
        small = problem.after.size * (env.spec.max_episode_steps or 1 if env.spec else 1) <= MOST
    env.close()
    return small


def plan_exploit(
    reward: Reward, env_id: str, env_kwargs: Mapping[str, Any], tasks: Sequence[str], seed: int, gamma: float
) -> Played:
    """Return what the best policy under a reward comes to, found by planning and then played.

    The reward is asked what it pays for every step that is possible at every time, and

        V_t(s) = max_a sum_s' P(s'|s, a) (R_t(s, a, s') + gamma V_{t+1}(s')),  V_H = 0,

    is solved backwards from the time limit H. Of actions that are worth the same the one with the worst true score in
    the end is taken: a reward that leaves a choice is tested by the choice that it should have forbidden.

    Status: exact for rewards whose payment depends on the step and on the number of the step; shaping with a potential
    of the state is such a reward, since its memory is only the potential of the state before. A reward that remembers
    more (novelty, machines, learners) is planned for as if each step were the first of an episode: the plan may miss
    then, but what it is paid is what the env paid it when it was played. The plan is for a discounted sum, while the
    audit compares plain sums.

    Source: backward induction, Puterman, "Markov decision processes" (1994), section 4.5; as a fuzzer of rewards with
    undiscounted sums in reward-contract-fuzzer (2026).

    Args:
        reward: what is paid; left as it is.
        env_id: a tabular env.
        env_kwargs: its arguments.
        tasks: which tasks.
        seed: seeds what chance does.
        gamma: the agent's discount, in [0, 1].
    """
    hand = Hand(reward, env_id, env_kwargs)
    base = gym.make(env_id, **env_kwargs).unwrapped
    if not isinstance(base, TabularEnv):
        raise ValueError(f"plan_exploit: {env_id} is not tabular; use search_exploits")
    plans: dict[int, np.ndarray] = {}
    marks = []
    for number, task in enumerate(tasks):
        problem = base.catalogue.problem(task)
        if id(problem) not in plans:
            plans[id(problem)] = _plan(problem, payments(reward, problem, hand.horizon), gamma)
        mark = hand.begin(task, derive_seed(seed, "episode", number) % 2**31)
        while not mark.over:
            action = plans[id(problem)][len(mark.actions), int(mark.obs)]
            mark, _ = hand.step(mark, int(action))
        marks.append(mark)
    scores = [hand.objective(mark) for mark in marks]
    hand.close()
    return Played(
        "search/planner",
        "found",
        tuple(mark.paid for mark in marks),
        tuple(score for score, _ in scores),
        float(np.mean([done for _, done in scores])),
        float(np.mean([len(mark.actions) for mark in marks])),
        tuple(mark.actions for mark in marks),
    )


def payments(reward: Reward, problem: Problem, horizon: int) -> np.ndarray:
    """Return what a reward pays for every step of a task, (H, S, A, K), K the states that an action can lead to.

    An action that is not admissible stays where it is, and is paid for that. Steps from terminal states are paid 0.
    """
    mdp, after = problem.mdp, problem.after
    states, actions, branches = np.nonzero(np.broadcast_to(~mdp.terminal[:, None, None], after.shape))
    following = after[states, actions, branches]
    rows = np.arange(len(states))
    paid = np.zeros((horizon, *after.shape))
    fresh = copy.deepcopy(reward.frozen())
    for time in range(horizon):
        before, then = _stack(problem, states, time), _stack(problem, following, time + 1)
        terminated = mdp.terminal[following]
        none, failures = np.full(len(rows), None), np.full(len(rows), None)
        failures[~mdp.admissible[states, actions]] = Failure.NOT_ADMISSIBLE
        step = Transition(
            obs=states,
            action=actions,
            next_obs=following,
            terminated=terminated,
            truncated=~terminated & (time == horizon - 1),
            success=problem.plan_length[following] == 0,
            state=before,
            next_state=then,
            info={"admissible_actions": problem.listed[following], "failure": failures},
            rows=rows,
        )
        fresh.begin(
            Transition(
                obs=states,
                action=actions,
                next_obs=states,
                terminated=np.zeros(len(rows), dtype=bool),
                truncated=np.zeros(len(rows), dtype=bool),
                success=np.zeros(len(rows), dtype=bool),
                state=before,
                next_state=before,
                info={"admissible_actions": problem.listed[states], "failure": none},
                rows=rows,
            )
        )
        paid[time, states, actions, branches] = fresh.pay(step)[0]
    return paid


def _stack(problem: Problem, numbers: np.ndarray, time: int) -> TabularState:
    """Return the states with these numbers at one time as a stack."""
    return TabularState(
        numbers,
        np.full(len(numbers), time),
        problem.plan_length[numbers],
        problem.progress[numbers],
        np.full(len(numbers), problem.needed),
        problem.outcome[numbers],
        problem.proxy[numbers],
    )


def _plan(problem: Problem, paid: np.ndarray, gamma: float) -> np.ndarray:
    """Return the best action at each time in each state, (H, S)."""
    mdp, after = problem.mdp, problem.after
    chances = np.diff(problem.bounds, axis=2, prepend=0.0, append=1.0)
    value, score = np.zeros(mdp.num_states), problem.score
    plan = np.zeros(paid.shape[:2], dtype=int)
    everything = np.arange(mdp.num_states)
    for time in range(len(paid) - 1, -1, -1):
        worth = (chances * (paid[time] + gamma * value[after])).sum(axis=2)
        best = np.where(mdp.terminal, 0.0, worth.max(axis=1))
        equal = worth >= (best - TIE * np.maximum(1.0, np.abs(best)))[:, None]
        ending = np.where(equal, (chances * score[after]).sum(axis=2), np.inf)
        plan[time] = ending.argmin(axis=1)
        value = best
        score = np.where(mdp.terminal, problem.score, ending[everything, plan[time]])
    return plan

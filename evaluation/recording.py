"""Playing episodes and keeping every step: how demonstrations and the material of preferences are made."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np

from ..agents.actor import Actor, rows_of
from ..core.columns import merged
from ..core.names import UnknownNameError
from ..core.random import derive_seed
from ..core.trajectory import Step, Trajectory
from ..reward_models.learned.figures import figure, reads_of
from .evaluate import task_list
from .noisy import open_player
from .training_tasks import training_kwargs

__all__ = ["record", "replay"]

Choose = Callable[[Any, Mapping[str, Any], np.ndarray, list[int]], tuple[list[Any], list[str]]]
"""(observations, infos, fresh, number of the episode in each slot) to (actions, who chose each)."""

SEEN = ("admissible_actions", "expert_action")
"""Infos that an actor may see."""
PLAN = "plan_length"


def record(
    env_id: str,
    env_kwargs: Mapping[str, Any] | None = None,
    policy: str | Path | Actor = "expert",
    episodes: int = 50,
    seed: int = 0,
    *,
    states: bool = False,
    columns: Sequence[str] = (),
    num_envs: int = 32,
    on_episode: Callable[[Trajectory], None] | None = None,
) -> list[Trajectory]:
    """Play episodes of an env's training tasks and return them.

    Tasks come in an order that `seed` shuffles, none a second time before all were played; every policy meets the same
    ones. Equal arguments give equal trajectories. Each carries the seed that its env was reset with, so that `replay`
    can play it again. The tag of a step says who chose its action: the policy, or "noise".

    Where the env knows the length of the shortest plan, it is kept in the columns "plan_before" and "plan_after"
    (privileged; -1 if there is no plan).

    Args:
        env_id: the env.
        env_kwargs: its arguments; the rest are those that the env is trained with.
        policy: a scripted policy or a run folder, with ":P" for noise, such as "expert:0.3"; or an actor.
        episodes: how many.
        seed: of tasks, envs and policy.
        states: whether to keep the privileged state before and after each step.
        columns: figures to compute and keep as columns of the steps' scores, such as "state.gap" or the id of a
            reward; see `guerdon.reward_models.learned.figures.figure`.
        num_envs: episodes that are played at once. What is drawn depends on it.
        on_episode: told of each episode that has ended.

    Raises:
        ValueError: the env's arguments ask for tasks that are kept for evaluation, or an argument is wrong.
        UnknownNameError: there is no such policy or figure.
    """
    if episodes < 1 or num_envs < 1:
        raise ValueError(f"record: episodes is {episodes} and num_envs {num_envs}, both must be at least 1")
    kwargs = training_kwargs(env_id, env_kwargs)
    tasks = task_list(env_id, kwargs)
    order = np.random.default_rng(derive_seed(seed, "tasks"))
    rounds = [order.permutation(len(tasks)) for _ in range(-(-episodes // len(tasks)))]
    names = [tasks[index] for index in np.concatenate(rounds)[:episodes].tolist()]
    seeds = [derive_seed(seed, "episode", number) for number in range(episodes)]
    env = gym.make_vec(env_id, num_envs=min(num_envs, episodes), autoreset_mode="Disabled", **kwargs)
    player = open_player(policy, env_id, env.unwrapped.single_action_space)
    player.seed(derive_seed(seed, "policy"))

    def choose(obs: Any, infos: Mapping[str, Any], fresh: np.ndarray, _: list[int]) -> tuple[list[Any], list[str]]:
        actions = player.act(obs, infos, fresh)
        return actions, player.tags

    return _finished(_play(env, choose, names, seeds, states or _needs_state(columns)), columns, states, on_episode)


def replay(
    trajectories: Sequence[Trajectory],
    env_id: str,
    env_kwargs: Mapping[str, Any],
    *,
    states: bool = True,
    columns: Sequence[str] = (),
    num_envs: int = 32,
) -> list[Trajectory]:
    """Play whole recorded episodes again, action by action, to see more of them: states, or columns read from states.

    The scores that they had are kept.

    Raises:
        ValueError: an episode does not go as it was recorded: the env is not the same.
    """
    env = gym.make_vec(env_id, num_envs=min(num_envs, len(trajectories)), autoreset_mode="Disabled", **env_kwargs)
    taken = [0] * env.num_envs

    def choose(_: Any, __: Mapping[str, Any], fresh: np.ndarray, playing: list[int]) -> tuple[list[Any], list[str]]:
        steps = []
        for slot, number in enumerate(playing):
            taken[slot] = 0 if fresh[slot] else taken[slot] + 1
            known = trajectories[number].steps
            steps.append(known[min(taken[slot], len(known) - 1)])  # an idle slot may go on longer
        return [step.action for step in steps], [step.tag for step in steps]

    names, seeds = [one.task_id for one in trajectories], [one.seed for one in trajectories]
    found = _finished(_play(env, choose, names, seeds, states or _needs_state(columns)), columns, states, None)
    for new, old in zip(found, trajectories, strict=True):
        if len(new) != len(old) or not _alike(new.steps[-1].next_obs, old.steps[-1].next_obs):
            raise ValueError(f"{env_id}: the episode of task {old.task_id!r} does not go as it was recorded")
        for now, before in zip(new.steps, old.steps, strict=True):
            now.scores = {**before.scores, **now.scores}
            now.logp = before.logp
        new.metrics = {**new.metrics, **old.metrics}
    return found


def _finished(
    episodes: Iterator[tuple[int, Trajectory]],
    columns: Sequence[str],
    states: bool,
    on_episode: Callable[[Trajectory], None] | None,
) -> list[Trajectory]:
    """Return episodes in order, with the columns that are wanted and without states that are not."""
    found: dict[int, Trajectory] = {}
    for number, one in episodes:
        for name in columns:
            number_of_state = name.removeprefix("state.")
            if name != number_of_state and not hasattr(one.steps[0].next_state, number_of_state):
                known = [each for each in dir(one.steps[0].next_state) if not each.startswith("_")]
                raise UnknownNameError("number of the state", number_of_state, known, name)
            one.write(name, figure(one, name))
        if not states:
            for step in one.steps:
                step.state = step.next_state = None
        found[number] = one
        if on_episode is not None:
            on_episode(one)
    return [found[number] for number in sorted(found)]


def _needs_state(columns: Sequence[str]) -> bool:
    return any("state" in reads_of(name) for name in columns)


def _play(
    env: Any, choose: Choose, tasks: Sequence[str], seeds: Sequence[int], states: bool
) -> Iterator[tuple[int, Trajectory]]:
    """Play task i with the env seeded by seeds[i]; yield (i, what was played) as the episodes end."""
    size, base = env.num_envs, env.unwrapped
    text = [key for key in base.metadata.get("text_info", ()) if key != "admissible_actions"]
    space = base.single_action_space
    kind = space.dtype if isinstance(space, gym.spaces.Box) else None
    playing, waiting = list(range(size)), size  # a slot without a task of its own idles on the first
    live, fresh = np.ones(size, dtype=bool), np.ones(size, dtype=bool)
    steps: list[list[Step]] = [[] for _ in range(size)]
    obs, infos = env.reset(seed=[seeds[i] for i in playing], options={"task": [tasks[i] for i in playing]})
    before, state = rows_of(obs), _states(base, states)
    while live.any():
        actions, tags = choose(obs, {key: infos[key] for key in SEEN if key in infos}, fresh, playing)
        if kind is not None:
            actions = [np.asarray(one, dtype=kind) for one in actions]
        obs, paid, terminated, truncated, new = env.step(np.stack(actions) if kind is not None else actions)
        after, next_state, done = rows_of(obs), _states(base, states), terminated | truncated
        for slot in np.flatnonzero(live).tolist():
            offered, failures = infos.get("admissible_actions"), new.get("failure")
            scores = {}
            if PLAN in infos and PLAN in new:
                scores = {"plan_before": float(infos[PLAN][slot]), "plan_after": float(new[PLAN][slot])}
            seen = before[slot]
            steps[slot].append(
                Step(
                    obs=seen,
                    action=actions[slot],
                    next_obs=after[slot],
                    terminated=bool(terminated[slot]),
                    truncated=bool(truncated[slot]),
                    success=bool(new["is_success"][slot]),
                    state=None if state is None else _row(state, slot),
                    next_state=None if next_state is None else _row(next_state, slot),
                    admissible=() if offered is None else tuple(offered[slot]),
                    valid=failures is None or failures[slot] is None,
                    tag=tags[slot],
                    state_key=seen if isinstance(seen, str | int) else None,
                    reward=float(paid[slot]),
                    text={key: new[key][slot] for key in text if key in new},
                    scores=scores,
                )
            )
        infos, before, state, fresh = new, after, next_state, done
        if not done.any():
            continue
        for slot in np.flatnonzero(done & live).tolist():
            number, played = playing[slot], steps[slot]
            steps[slot] = []
            yield (
                number,
                Trajectory(
                    task_id=tasks[number],
                    seed=seeds[number],
                    steps=played,
                    objective=float(new["objective"][slot]),
                    metrics={"length": float(len(played))},
                    truncated=not played[-1].terminated,
                ),
            )
            live[slot] = waiting < len(tasks)
            playing[slot] = waiting if live[slot] else 0
            waiting += int(live[slot])
        options = {
            "reset_mask": done,
            "task": [tasks[i] if over else None for i, over in zip(playing, done, strict=True)],
        }
        again = [seeds[i] if over else None for i, over in zip(playing, done, strict=True)]
        obs, new = env.reset(seed=again, options=options)
        infos = {key: merged(value, new[key], done) for key, value in infos.items() if isinstance(value, np.ndarray)}
        before, state = rows_of(obs), _states(base, states)
    env.close()


def _states(base: Any, wanted: bool) -> Any:
    """Return the states of all slots as one, with arrays (B, ...); None if they are not wanted."""
    if not wanted:
        return None
    if hasattr(base, "state"):
        return base.state
    each = base.get_attr("state")
    return type(each[0]).stack(each)


def _row(states: Any, row: int) -> Any:
    """Return one state of a stack, with no leading axis."""
    picked = states.pick(np.array([row]))
    fields = {one.name: getattr(picked, one.name) for one in dataclasses.fields(picked) if one.init}
    return dataclasses.replace(picked, **{k: v[0] for k, v in fields.items() if isinstance(v, np.ndarray)})


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    return bool(np.array_equal(one, other))

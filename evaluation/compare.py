"""The main job: train the same agent under several rewards, or several agents, and report what each really achieved."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..agents.recipe import make_recipe
from ..agents.scripted import SCRIPTED
from ..reward_models import make_reward
from .cell import evaluation_tasks
from .comparison import Comparison
from .config import CellConfig, defaults_of
from .executor import run_cells
from .report import save_page
from .store import is_done

__all__ = ["CompareConfig", "Outcome", "compare"]


@dataclass(frozen=True)
class CompareConfig:
    """A comparison: rewards x agents x seeds, all else equal. What is None is taken from the env's own defaults.

    Attributes:
        env: the env, "guerdon:guerdon/Household-v0".
        rewards: ids or expressions. For several agents the default is one: the env's plain reward, the outcome.
        agent: a named agent, an algorithm's name or "recipe/NAME"; or several of these.
        recipes: names of recipes, which are agents too; with constants, if they differ: "pure(temperature=0.5)".
        seeds: how many seeds; 0, 1, ...
        steps: env steps for each cell.
        env_kwargs: arguments of the env, the same for training and evaluation where a set does not change them.
        agent_args: settings that override the agents' own; every agent must have them.
        sets: evaluation sets by name: env kwargs to change.
        episodes: tasks of each set in the final evaluation; None for all.
        points: points of the learning curve.
        out: folder of the run store and the report.
        jobs: cells run at once; None for one a CPU.
    """

    env: str = "guerdon:guerdon/Household-v0"
    rewards: Sequence[str] | None = None
    agent: str | Sequence[str] | None = None
    recipes: Sequence[str] = ()
    seeds: int = 3
    steps: int | None = None
    env_kwargs: Mapping[str, Any] = field(default_factory=dict)
    agent_args: Mapping[str, Any] = field(default_factory=dict)
    sets: Mapping[str, Mapping[str, Any]] | None = None
    episodes: int | None = None
    points: int = 8
    out: str | Path = "runs"
    jobs: int | None = None

    def resolved(self) -> CompareConfig:
        """Return this config with every None filled in, and with all that is trained in `agent`, as a tuple."""
        own = defaults_of(self.env)
        named = (self.agent,) if isinstance(self.agent, str) else tuple(self.agent or ())
        agents = (*named, *(f"recipe/{name}" for name in self.recipes)) or (own.get("agent", "ppo"),)
        if "games" in self.env_kwargs and not _are_split(self.env_kwargs["games"], own):
            own = {**own, "env_kwargs": {}, "sets": {"games": {}}}
        # What the user says of the env holds for the sets too, but for the split: that is what they are there for.
        said = self.env_kwargs.keys() - {"split"}
        sets = {n: {k: v for k, v in kw.items() if k not in said} for n, kw in own.get("sets", {"eval": {}}).items()}
        rewards = self.rewards or own.get("rewards", ())[: 1 if len(agents) > 1 else None]
        if not rewards:
            raise ValueError(f"compare: which rewards? {self.env} has no default, so name at least one")
        for reward in rewards:
            make_reward(reward)
        if self.seeds < 1:
            raise ValueError(f"compare: seeds is {self.seeds}, not at least 1")
        return replace(
            self,
            rewards=tuple(dict.fromkeys(rewards)),
            agent=tuple(dict.fromkeys(agents)),
            recipes=(),
            steps=self.steps if self.steps is not None else own.get("steps", 100_000),
            env_kwargs={**own.get("env_kwargs", {}), **self.env_kwargs},
            sets=self.sets if self.sets is not None else sets,
            episodes=self.episodes if self.episodes is not None else own.get("episodes"),
        )

    def cell(self, reward: str, seed: int, agent: str | None = None) -> CellConfig:
        """Return the cell of one reward, seed and agent, by default the first."""
        config = self.resolved()
        return CellConfig(
            env=config.env,
            reward=reward,
            env_kwargs=config.env_kwargs,
            agent=agent or next(iter(config.agent or ())),
            seed=seed,
            steps=config.steps or 0,
            agent_args=config.agent_args,
            sets=config.sets or {},
            episodes=config.episodes,
            points=config.points,
            video=seed == 0,
        )

    def cells(self) -> list[CellConfig]:
        """Return every cell: the trained ones, then the scripted policies under each reward."""
        config = self.resolved()
        rewards, agents = config.rewards or (), config.agent or ()
        pairs = [(reward, agent) for reward in rewards for agent in agents]
        trained = [self.cell(reward, seed, agent) for seed in range(self.seeds) for reward, agent in pairs]
        scripted = [
            replace(cell, agent=f"scripted/{name}", agent_args=cell.discount, video=False)
            for cell in trained[: len(pairs) : len(agents)]  # scripted policies are paid like the first agent
            for name in _references(self.env, rewards)
        ]
        return [*trained, *scripted]


def _references(env: str, rewards: Sequence[str]) -> list[str]:
    """Return the scripted policies to play beside the agents: the generic ones and exploits of these rewards."""
    parts = {part.id for reward in rewards for part in make_reward(reward).parts}
    return [name for name, policy in SCRIPTED.items() if policy.plays(env) and policy.exploits in {None, *parts}]


@dataclass(frozen=True)
class Outcome:
    """What `compare` leaves: the numbers, where they stand, the page, the videos, and what failed."""

    comparison: Comparison
    json: Path
    page: Path
    videos: tuple[Path, ...]
    errors: Mapping[str, str]


def compare(config: CompareConfig, quiet: bool = False) -> Outcome:
    """Run every cell that is not done yet, then write compare.json and the report.

    A killed comparison goes on where it was when it is called again. A cell that fails does not stop the others;
    it is named in the outcome and in the report.

    Raises:
        ValueError: the comparison cannot be made (unknown names and the like), before any work is done; or no cell
            succeeded.
    """
    cells = config.cells()
    root = Path(config.out)
    _check([cell for cell in cells if cell.scripted is None and cell.seed == 0])
    errors = run_cells(cells, root, config.jobs or os.cpu_count() or 1, quiet)
    folders = [cell.folder(root) for cell in cells]
    if not any(is_done(cell.folder(root)) for cell in cells if not cell.scripted):
        raise ValueError(f"compare: no cell succeeded. The first error: {next(iter(errors.values()), 'none')}")
    comparison = Comparison.from_runs([f for f in folders if (f / "run.json").exists()], root=root)
    name = f"{config.env.rpartition('/')[2]}-{_key(cells)}"
    json = comparison.save(root / "compare" / name / "compare.json")
    page = save_page(comparison, root / "compare" / name / "report.html", base=root)
    videos = tuple(video for folder in folders for video in sorted((folder / "videos").glob("*.mp4")))
    return Outcome(comparison, json, page, videos, errors)


def _are_split(games: Any, own: Mapping[str, Any]) -> bool:
    """Return whether a user's own games have the splits that the env is trained and tested on by default."""
    from ..envs.household.games.sources import has_splits

    kwargs = [own.get("env_kwargs", {}), *own.get("sets", {}).values()]
    return has_splits(games, [one["split"] for one in kwargs if "split" in one])


def _check(cells: Sequence[CellConfig]) -> None:
    """Find mistakes in the cells of one seed, before the processes start."""
    from ..agents.discount import check_gamma

    first: dict[str, tuple[CellConfig, str]] = {}
    for cell in cells:
        if cell.recipe is not None:
            make_recipe(cell.recipe, cell.agent_args)
        else:
            from ..agents.sb3_settings import check_settings

            check_settings(cell.agent, cell.agent_args)
        gamma = cell.discount.get("gamma", 0.99)  # the library's own
        check_gamma(make_reward(cell.reward, gamma=gamma), gamma)
        digest = cell.made_reward().hash
        other, known = first.setdefault(cell.reward, (cell, digest))
        if digest != known:
            raise ValueError(
                f"compare: {cell.reward!r} depends on the discount, which is {gamma} for {cell.agent!r} and "
                f"{other.discount.get('gamma', 0.99)} for {other.agent!r}; give all the same gamma"
            )
    evaluation_tasks(cells[0])


def _key(cells: Sequence[CellConfig]) -> str:
    from ..core.random import stable_hash

    return f"{stable_hash(' '.join(cell.hash for cell in cells), 32):08x}"

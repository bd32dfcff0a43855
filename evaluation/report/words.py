"""Saying in words what a comparison shows: the verdict, and a caption for each figure."""

from __future__ import annotations

from ..comparison import Comparison
from ..results import Row
from ..statistics import Estimate
from .style import headline_set, looks, ranked, short_labels

__all__ = ["agent_words", "fixed", "interval", "lead", "number", "percent", "set_words", "unit", "verdict"]

RECIPE = "recipe/"


def percent(share: float) -> str:
    """Write a share as a whole percentage, but never 0% or 100% for what is not quite that."""
    if 0 < share < 0.005:
        return "<1%"
    if 0.995 <= share < 1:
        return ">99%"
    return f"{share:.0%}"


def interval(estimate: Estimate) -> str:
    """Write the interval of a share: "84 to 96%"."""
    return f"{100 * estimate.low:.0f} to {percent(estimate.high)}"


def number(value: float | None) -> str:
    """Write a return or a length with three digits; a missing one is NaN and says so."""
    if value is None:
        return "NaN"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.{1 if abs(value) >= 10 else 2}f}"


def set_words(name: str) -> str:
    """Say what an evaluation set is."""
    known = {"unseen": "tasks never trained on", "seen": "new tasks in familiar surroundings"}
    return known.get(name, f"tasks of the set “{name}”")


def agent_words(agent: str) -> str:
    """Name an agent as people do: "recipe/pure" is "pure", "ppo" is "PPO"."""
    return agent.removeprefix(RECIPE) if agent.startswith(RECIPE) else agent.upper()


def unit(comparison: Comparison) -> str:
    """Say what a row is: "reward", "recipe" or "agent", or "agent and reward" where both vary."""
    agents = "recipe" if all(agent.startswith(RECIPE) for agent in comparison.agents) else "agent"
    if all(row.id == row.reward for row in comparison.rows):
        return "reward"
    return agents if all(row.id == row.agent for row in comparison.rows) else f"{agents} and reward"


def fixed(comparison: Comparison) -> list[str]:
    """Name the agent if there is one only, else the reward if there is one only, else nothing."""
    return next((list(names) for names in (comparison.agents, comparison.rewards) if len(names) == 1), [])


def verdict(comparison: Comparison) -> str:
    """Say in one sentence which row works best and where rewards were hacked."""
    main = headline_set(comparison)
    names = looks(comparison)
    best = ranked(comparison)[0]
    success = best.sets[main].success.mean.value
    said = f"{names[best.id].label} solves {percent(success)} of the {set_words(main)}"
    hacked = [row for row in ranked(comparison) if _hacked(row, main)]
    kind = unit(comparison)
    if best in hacked and len(comparison.rows) > 1:
        said = f"{'No honest reward' if kind == 'reward' else 'Nothing honest'} came out on top: {said}"
    if not hacked:
        return f"{said}; no reward was hacked."
    if len(hacked) > (2 if kind == "reward" else 1):
        *most, last = [names[row.id].label for row in hacked]
        return f"{said}; {', '.join(most)} and {last} {'were hacked' if kind == 'reward' else 'hack their rewards'}."
    does = "was hacked" if kind == "reward" else "hacks its reward"
    parts = []
    for row in hacked:
        gap, part = row.sets[main].gap, row.sets[main]
        if gap is not None:
            parts.append(
                f"{names[row.id].label} {does}: it earns {percent(gap.reward)} of the best return "
                f"known while solving {percent(part.success.mean.value)}"
            )
    return f"{said}; {', and '.join(parts)}."


def lead(comparison: Comparison) -> str:
    """Say what was held equal, on how much the verdict rests, and who cannot be told from the best."""
    main = headline_set(comparison)
    names, order = looks(comparison), ranked(comparison)
    best = order[0].sets[main]
    counts = sorted({row.num_seeds for row in comparison.rows})
    seeds = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    agents, rewards = comparison.agents, comparison.rewards
    if len(agents) > 1:
        recipes = all(agent.startswith(RECIPE) for agent in agents)
        who = f"{len(agents)} {'recipes' if recipes else 'agents'} were"
    else:
        agent = comparison.rows[0].agent
        recipe, name = agent.startswith(RECIPE), agent_words(agent)
        who = f"The recipe {name} was" if recipe else f"The same {name} agent was"
    one = f"{short_labels(list(rewards))[rewards[0]]}" if len(agents) > 1 else "one reward"
    said = (
        f"{who} trained under {one if len(rewards) == 1 else f'{len(rewards)} rewards'} for {comparison.steps:,} steps "
        f"each, with {seeds} seed{'' if seeds == '1' else 's'}, and judged by the objective on {best.num_tasks} "
        f"{set_words(main)}. The 95% interval of {names[order[0].id].label} is {interval(best.success.mean)}."
    )
    close = [
        f"{names[row.id].label} ({percent(row.sets[main].success.mean.value)})"
        for row in order[1:]
        if row.sets[main].success.mean.high >= best.success.mean.low
    ]
    if close:
        said += f" These runs do not separate it from {' and '.join(close)}: the intervals overlap."
    return said


def _hacked(row: Row, main: str) -> bool:
    gap = row.sets[main].gap
    return gap is not None and gap.flagged

"""Checks of a reward before anything is trained on it: on demonstrations, on others, and on made-up detours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...core.trajectory import Trajectory
from ...core.transition import HiddenFieldError
from ..base import Reward, RewardError
from ..expression import make_reward
from .detours import Detour, detours_of
from .dsl import Program, read_program
from .dsl_reward import DslReward
from .payout import Paid, Recorded
from .report import Finding, Report

__all__ = ["Validator", "validate"]

LEAST_SPREAD, MOST_STEP = 1e-4, 100.0
"""Payments should differ by at least the first between steps, and be at most the second in size."""
RISING = 0.5
"""Least share of the changes of the return along demonstrations that have to be rises."""
CURES = {
    "dwell": "Pay for changes (progress, gain) in place of being near, or pay more at the end.",
    "loop": "What is paid on the way there has to be taken back on the way back.",
}
SLACK = 0.02
"""Share of its return by which a detour may exceed the demonstration: an expert is never quite still at the goal."""
DETOURED = 5
"""Demonstrations on which detours are tried."""


def validate(
    reward: Reward | Program | Mapping[str, Any] | str,
    demos: Sequence[Trajectory],
    others: Sequence[Trajectory] | Mapping[str, Sequence[Trajectory]] = (),
    gamma: float = 0.99,
    world: str = "",
) -> Report:
    """Check a reward on recorded episodes and report.

    What the checks see is who played (demonstration or not), the steps, and whatever the reward itself reads; the
    objective is used by none of them. Kinds of findings, in order:

    - parses: it could be made at all. runs, reads, finite: it paid every step, from what it declares, with numbers.
    - scale: payments are within the declared bounds, at most 100 in size, and differ by at least 1e-4.
    - constant: not every step is paid the same. idle (a note): a term never changes.
    - monotone: along demonstrations the return so far rises more often than it falls, or at least the demonstrations
      earn more than everything else does.
    - ranking: demonstrations earn more, in the mean and discounted, than each group of the others.
    - dwell: no demonstration would have earned more if it had stopped on the way and waited; a reward that pays for
      being near while the episode lasts fails where success ends episodes.
    - loop: or if it had gone to and fro over some of its steps; a progress that is paid there has to be taken back.

    Dwell and loop are made of the demonstration's own states, so they are skipped for rewards that read actions or
    text. A reward that passes may still be gamed: only behaviour that was recorded, or is made up here, is tried.

    Args:
        reward: a reward, its id or expression, or a reward program in any form.
        demos: at least one episode of the expert, with states if the reward reads them.
        others: episodes that are not to be imitated; by name ("random", "lazy") or all in one group.
        gamma: the agent's discount.
        world: the world that is meant if a program does not say.

    Raises:
        ValueError: no demonstrations.
    """
    return Validator(demos, others, gamma).check(reward, world)


class Validator:
    """Checks many rewards on the same episodes, which are prepared once; see `validate`.

    Args:
        demos: at least one episode of the expert, with states if rewards read them.
        others: episodes that are not to be imitated; by name or all in one group.
        gamma: the agent's discount.

    Raises:
        ValueError: no demonstrations.
    """

    def __init__(
        self,
        demos: Sequence[Trajectory],
        others: Sequence[Trajectory] | Mapping[str, Sequence[Trajectory]] = (),
        gamma: float = 0.99,
    ):
        if not demos:
            raise ValueError("validate: no demonstrations to check a reward on")
        groups = others if isinstance(others, Mapping) else {"others": others}
        self.gamma, self._number = gamma, len(demos)
        self._names = [name for name, some in groups.items() for _ in some]
        everything = [*demos, *(one for some in groups.values() for one in some)]
        self._recorded = Recorded(everything)
        self._demos, self._horizon = demos[:DETOURED], max(len(one) for one in everything)
        self._detours: tuple[list[Detour], Recorded] | None = None

    def check(self, reward: Reward | Program | Mapping[str, Any] | str, world: str = "") -> Report:
        """Return the findings about a reward; the arguments are those of `validate`."""
        try:
            made = _made(reward, world)
        except (ValueError, TypeError, OSError, KeyError) as error:
            return Report((Finding("parses", False, str(error)),))
        done = [Finding("parses", True, "It could be read.")]
        try:
            everything = self._recorded.pay(made)
        except Exception as error:
            return Report((*done, _failure(error)))
        done += [Finding(kind, True, "Every step was paid.") for kind in ("runs", "reads", "finite")]
        done += [_scale(made, everything), _constant(everything), *_idle(everything)]
        paid = everything[: self._number]
        own = float(np.mean([one.value(self.gamma) for one in paid]))
        values: dict[str, list[float]] = {}
        for name, one in zip(self._names, everything[self._number :], strict=True):
            values.setdefault(name, []).append(one.value(self.gamma))
        means = {name: float(np.mean(some)) for name, some in values.items()}
        done += [_monotone(paid, own, means), _ranking(own, means)]
        if not made.reads & {"action", "text"}:
            done += self._off_the_way(made, paid)
        return Report(tuple(done))

    def _off_the_way(self, reward: Reward, paid: Sequence[Paid]) -> list[Finding]:
        """Return the findings on waiting and on going to and fro."""
        if self._detours is None:
            made = detours_of(self._demos, self._horizon)
            self._detours = made, Recorded([one.trajectory for one in made])
        detours, recorded = self._detours
        excess: dict[str, list[tuple[float, float, float, str]]] = {"dwell": [], "loop": []}
        for detour, one in zip(detours, recorded.pay(reward), strict=True):
            gained, own = one.value(self.gamma), paid[detour.demo].value(self.gamma)
            if gained > own + 1e-9 + SLACK * abs(own):
                excess[detour.kind].append((gained - own, gained, own, detour.about))
        return [_detour_finding(kind, some) for kind, some in excess.items()]


def _made(reward: Reward | Program | Mapping[str, Any] | str, world: str) -> Reward:
    if isinstance(reward, Reward):
        return reward
    if isinstance(reward, Program) or (isinstance(reward, Mapping) and "terms" in reward):
        return DslReward(read_program(reward, world).to_json())
    if isinstance(reward, str) and _is_program(reward):
        return DslReward(read_program(reward, world).to_json())
    return make_reward(reward)


def _is_program(text: str) -> bool:
    """Return whether a text is meant as a program and not as an id or an expression."""
    text = text.strip()
    return text.endswith(".json") or text.startswith("{") or ("[" in text and "/" not in text.partition("[")[0])


def _failure(error: Exception) -> Finding:
    if isinstance(error, HiddenFieldError):
        return Finding("reads", False, f"It reads what it does not declare: {error}")
    if isinstance(error, RewardError):
        return Finding("finite", False, f"It paid something that cannot be paid: {error}")
    return Finding("runs", False, f"It failed with {type(error).__name__}: {error}")


def _scale(reward: Reward, paid: Sequence[Paid]) -> Finding:
    bounds = reward.bounds
    outside = [
        f"{name} paid {value:.4g}, outside its bounds [{bounds[name][0]:.4g}, {bounds[name][1]:.4g}]"
        for name in bounds
        for one in paid
        for value in (one.terms[name].min(), one.terms[name].max())
        if not bounds[name][0] - 1e-9 <= value <= bounds[name][1] + 1e-9
    ]
    totals = np.concatenate([one.totals for one in paid])
    most, spread = float(np.abs(totals).max()), float(np.ptp(totals))
    figures = {"most": most, "spread": spread}
    if outside:
        return Finding("scale", False, f"{outside[0]}.", figures=figures)
    if most > MOST_STEP:
        return Finding(
            "scale", False, f"A step pays up to {most:.4g}; divide the weights by {most:.1g}.", figures=figures
        )
    if 0 < spread < LEAST_SPREAD:
        return Finding(
            "scale",
            False,
            f"Payments differ by {spread:.2g} only; raise the weights or lower the scales.",
            figures=figures,
        )
    return Finding("scale", True, f"A step pays at most {most:.4g}.", figures=figures)


def _constant(paid: Sequence[Paid]) -> Finding:
    totals = np.concatenate([one.totals for one in paid])
    if np.ptp(totals) > 1e-12:
        return Finding("constant", True, "Payments differ from step to step.")
    return Finding(
        "constant",
        False,
        f"Every step is paid {totals[0]:.4g}: it cannot teach anything. Measure something that changes.",
    )


def _idle(paid: Sequence[Paid]) -> list[Finding]:
    idle = [name for name in paid[0].terms if np.ptp(np.concatenate([one.terms[name] for one in paid])) <= 1e-12]
    return [
        Finding("idle", False, f"The term {name!r} is the same in every step; remove it or change it.", serious=False)
        for name in idle
    ]


def _monotone(paid: Sequence[Paid], own: float, means: Mapping[str, float]) -> Finding:
    steps = np.concatenate([one.totals for one in paid])
    rises, falls = int((steps > 1e-9).sum()), int((steps < -1e-9).sum())
    share = rises / (rises + falls) if rises + falls else 0.0
    above = bool(means) and all(own > mean for mean in means.values())
    text = f"Along demonstrations the return rises in {rises} and falls in {falls} of {len(steps)} steps"
    if share >= RISING or (above and rises):
        return Finding("monotone", True, f"{text}.", figures={"share": share})
    why = " The signs of the weights may be the wrong way round." if falls else " Nothing that the expert does is paid."
    return Finding("monotone", False, f"{text}.{why}", figures={"share": share})


def _ranking(own: float, means: Mapping[str, float]) -> Finding:
    figures = {"demonstrations": own, **means}
    said = ", ".join(f"{name} {mean:.4g}" for name, mean in means.items())
    above = [name for name, mean in means.items() if mean >= own]
    text = f"Mean return of demonstrations {own:.4g}; of the others: {said or 'none given'}."
    if not above:
        return Finding("ranking", True, text, figures=figures)
    return Finding("ranking", False, f"{text} {', '.join(above)} must earn less than demonstrations.", figures=figures)


def _detour_finding(kind: str, excess: Sequence[tuple[float, float, float, str]]) -> Finding:
    if not excess:
        return Finding(kind, True, "Waiting or going to and fro does not pay.")
    _, gained, own, about = max(excess)
    message = f"An agent that {about} earns {gained:.4g}, the demonstration {own:.4g}. {CURES[kind]}"
    return Finding(kind, False, message, figures={"detour": gained, "demonstration": own})

"""programs/code-v1: a reward that is a file of Python, run in a sandbox."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from ...core.names import UnknownNameError, check_name
from ...core.transition import Transition
from ..base import Payment, Reward, RewardError, register
from .lint import Facts, check, inspect_source
from .sandbox import Limits, LoadedProgram, Sandbox, SandboxKind, open_sandbox
from .state_fields import fields_of, oracle_of
from .verdict import Kind, SandboxError, Verdict

__all__ = ["ORACLE", "PARAMETERS", "CodeReward"]

FUNCTION = "reward"
PARAMETERS = {"state": "state", "next_state": "state", "action": "action"}
"""What the function may ask for, and what the reward then declares in `reads`."""
ORACLE = frozenset({"success", "is_success", "goal", "objective"})
"""Names that no program may read of anything, whatever the world; each world's state adds its own (`ORACLE`)."""


@register
@dataclass
class CodeReward(Reward):
    """Pays what a file of Python says, which a language model or a person wrote.

    The file defines `def reward(state, next_state, action)`, with any of these parameters. It is called for one step at
    a time and returns a number, or a dict of named terms with the same names always. `state.reach` and the like are the
    documented numbers of the world's state, vectors as arrays; `action` is a number, a vector or a text. `np` and
    `math` are there. It has no memory: every step is paid by itself.

    Wants: what its author had in mind; whether the text says it is another question, for which see `validate`.
    Gamed by: everything that hand-written rewards are, and more, as nobody may have read it: terms that pay for
    staying, signs that are wrong, units mixed up, a scale at which one term drowns the rest. `limit` only
    keeps it bounded.
    Source: the form of Text2Reward (Xie et al., 2023, arXiv 2309.11489) and Eureka (Ma et al., 2023, arXiv 2310.12931);
    both run the code in the trainer's own process, here it runs in a sandbox. Reconstructed.
    Version history: v1.

    Raises `RewardError` with the line that is to blame, when it is made (no Python, forbidden names, oracle fields,
    terms without constant names) and when it pays (an unknown field, an exception, too long, not finite).

    Args:
        path: the file.
        limit: every term is cut to [-limit, limit]; `clipped` counts the steps that this changed.
        sandbox: "auto", "monty", "process", "sandlock" or "own"; see `open_sandbox`.
        seconds: that a batch may take.
    """

    path: str = ""
    limit: float = 10.0
    sandbox: str = "auto"
    seconds: float = 2.0
    id: ClassVar[str] = "programs/code-v1"
    needs: ClassVar[tuple[str, ...]] = ("path",)
    reads: ClassVar[frozenset[str]] = frozenset({"state", "action"})

    def __post_init__(self) -> None:
        check_name("sandbox", self.sandbox, [one.value for one in SandboxKind], self.id)
        if not self.limit > 0:
            raise ValueError(f"{self.id}: limit is {self.limit}, not above 0")
        self.clipped = 0
        self._names: tuple[str, ...] = ("reward",)
        self._facts: Facts | None = None
        self._program: LoadedProgram | None = None
        self._known: dict[type, list[tuple[str, str]]] = {}
        if not self.path:  # known by name only
            return
        source = Path(self.path).read_text("utf-8")
        try:
            self._facts = facts = inspect_source(source, FUNCTION)
            check(facts)
            _check_parameters(facts)
        except SandboxError as error:
            raise self._error(error.verdict) from None
        self._names = facts.terms
        self.reads = frozenset(PARAMETERS[name] for name in facts.parameters)  # type: ignore[misc]

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """The terms that the text names, each cut to the limit."""
        return dict.fromkeys(self._names, (-self.limit, self.limit))

    @property
    def hash(self) -> str:
        """Over the parameters, the code and the content of the file, wherever it lies."""
        digest = hashlib.sha256(self._facts.source.encode()).hexdigest() if self._facts else ""
        return hashlib.sha256((super().hash + digest).encode()).hexdigest()[:16]

    @property
    def about(self) -> Mapping[str, Any]:
        """What keeps the program in; see `Sandbox.about`."""
        return self._loaded().sandbox.about

    def close(self) -> None:
        """End the worker; the next payment starts another."""
        if self._program:
            self._program.close()

    def reset(self, start: Transition) -> None:
        """Nothing to forget; what the program asks for is checked before the first step."""
        if self._facts and "state" in self.reads:
            self._columns_of(type(start.next_state))

    def __call__(self, transition: Transition) -> Payment:
        """Run the program on the batch."""
        program = self._loaded()
        columns: dict[str, Any] = {}
        if "state" in self.reads:
            for group, field in self._columns_of(type(transition.next_state)):
                columns[f"{group}.{field}"] = getattr(getattr(transition, group), field)
        if "action" in self.reads:
            columns["action"] = transition.action
        for name in program.facts.parameters:  # that are given, and read nothing by name
            if name != "action" and not any(column.startswith(f"{name}.") for column in columns):
                columns[f"{name}."] = np.zeros(len(transition))
        try:
            paid = program.run(columns, len(transition))
        except SandboxError as error:
            raise self._error(error.verdict) from None
        if set(paid) != set(self._names):
            verdict = Verdict(Kind.OUTPUT, f"paid the terms {list(paid)}; the text names {list(self._names)}")
            raise self._error(verdict)
        terms = {name: np.clip(paid[name], -self.limit, self.limit) for name in self._names}
        cut = int(np.any([terms[name] != paid[name] for name in self._names], axis=0).sum())
        if cut and not self.clipped:
            warnings.warn(f"{self.id}: {self.path} pays more than its limit of {self.limit:g}; it is cut", stacklevel=2)
        self.clipped += cut
        return np.sum(list(terms.values()), axis=0), terms

    def _loaded(self) -> LoadedProgram:
        if self._facts is None:
            raise RewardError(f"{self.id} needs a path")
        if self._program is None:
            self._program = _sandbox(self.sandbox, self.seconds).load(self._facts.source, FUNCTION)
        return self._program

    def _columns_of(self, state: type) -> list[tuple[str, str]]:
        """Return (group, field) of what the program reads of such states."""
        assert self._facts is not None
        if state not in self._known:
            world = state.__module__.split(".")[-2]
            fields, oracle = fields_of(world), oracle_of(world) | ORACLE
            for name, line in self._facts.attributes.items():
                if name in oracle:
                    message = f"reads {name!r}, which is (or gives away) the objective that the reward is judged by"
                    raise self._error(Verdict(Kind.FORBIDDEN, message, line))
            groups = [name for name in self._facts.parameters if name != "action"]
            for group in groups:
                for name, line in self._facts.own[group].items():
                    try:
                        check_name("field", name, fields, f"{group} of {world}")
                    except UnknownNameError as error:
                        raise self._error(Verdict(Kind.FORBIDDEN, str(error), line)) from None
            # A helper function may read a state under another name, so all names count that stand behind a dot.
            read = [name for name in fields if name in self._facts.attributes]
            self._known[state] = [(group, name) for group in groups for name in read]
        return self._known[state]

    def _error(self, verdict: Verdict) -> RewardError:
        place = f"{self.path}:{verdict.line}" if verdict.line else self.path
        row = f" (step {verdict.row} of the batch)" if verdict.row is not None else ""
        return RewardError(f"{self.id}: {place}: {verdict.kind}: {verdict.message}{row}")


def _check_parameters(facts: Facts) -> None:
    for name in facts.parameters:
        try:
            check_name("parameter", name, PARAMETERS, f"{FUNCTION}()")
        except UnknownNameError as error:
            raise SandboxError(Verdict(Kind.ERROR, str(error), facts.line)) from None
    if not facts.parameters:
        raise SandboxError(Verdict(Kind.ERROR, f"{FUNCTION}() reads nothing", facts.line))
    for name, line in facts.attributes.items():
        if name in ORACLE:
            message = f"reads {name!r}, which is (or gives away) the objective that the reward is judged by"
            raise SandboxError(Verdict(Kind.FORBIDDEN, message, line))
    if not facts.terms:
        message = "return one number, or a dict whose names stand in the text and are the same in every return"
        raise SandboxError(Verdict(Kind.OUTPUT, message, facts.line))


_OPEN: dict[tuple[str, float], Sandbox] = {}


def _sandbox(kind: str, seconds: float) -> Sandbox:
    """Return the sandbox that all rewards of this kind share; their workers are their own."""
    if (kind, seconds) not in _OPEN:
        _OPEN[kind, seconds] = open_sandbox(kind, Limits(seconds=seconds))
    return _OPEN[kind, seconds]

"""What a recipe is: the parts of one published system, by name, for the one trainer."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

from ..core.names import check_name
from ..core.registry import Registry
from ..core.trajectory import Group
from ..reward_models.process.base import StepScorer
from ..reward_models.transforms.base import RewardTransform
from .advantages.base import AdvantageEstimator
from .losses.clipped import ClippedLoss

if TYPE_CHECKING:  # a list of recipes must not cost an import of torch
    from .policies.base import Policy

__all__ = ["RECIPES", "Context", "Parts", "Recipe", "make_recipe", "register"]


@dataclass(frozen=True)
class Context:
    """What a recipe may build its parts from.

    Attributes:
        policy: the policy that will be trained, as it stands after the warm start; copy it, do not keep it.
        env_id, env_kwargs: where it is trained.
        seed: from which parts derive their own draws.
    """

    policy: Policy
    env_id: str
    env_kwargs: Mapping[str, Any]
    seed: int


@dataclass(frozen=True)
class Parts:
    """The parts of one training run.

    Attributes:
        transform: pays the steps.
        advantage: gives them credit.
        loss: moves the policy.
        scorers: write their columns before anything else; after the policy's update they are fitted on the same batch.
        keep: drops trajectories of a group before they are paid; None keeps all. A group of none is left out.
        reference: whether to record what a frozen copy of the policy, as it stood after the warm start, says of
            each step (the column "ref_logp").
    """

    transform: RewardTransform
    advantage: AdvantageEstimator
    loss: ClippedLoss = field(default_factory=ClippedLoss)
    scorers: Sequence[StepScorer] = ()
    keep: Callable[[Group], Group] | None = None
    reference: bool = False


@dataclass(frozen=True)
class Recipe(ABC):
    """One way to train a policy. A subclass is a frozen dataclass: its fields are its constants, and arguments.

    Its docstring is its page: what it does, the equation, how it can be gamed. These fields are common to all.

    Class attributes:
        name: under which it is known.
        source: paper and year.
        status: "confirmed" if the equation was read in the paper or its code, "reconstructed" if its form is ours.
        checked: what test shows that the equation is right.
        undivided: why a batch must be in one process; empty if its groups may be shared out among several.

    Args:
        num_groups: tasks in a batch.
        group_size: episodes of each task.
        segment: 0, or steps of a segment: then a batch is `segment` steps of each env instead of whole episodes.
        num_envs: episodes that are played at once.
        learning_rate, epochs, minibatch, max_grad_norm: of the update; a minibatch holds about so many steps.
        anneal: whether the learning rate falls to (nearly) zero over the budget.
        processes: that train together, each with its share of the envs and the groups, on a core of its own. Gradients
            are those of whole minibatches. Equal seeds give equal weights for equal numbers of processes only.
        precision: "float32", or "bfloat16" to evaluate the policy in mixed precision (torch.autocast), for GPUs.
        entropy: bonus on the policy's entropy.
        gamma: discount.
        warm_start: episodes of an expert that the policy imitates before it learns by itself; 0 for none.
        expert: name of the scripted policy that is imitated; "expert" is the world's own.
        warm_updates: minibatches of that, at least; few leave the policy half-taught.
        warm_noise: share of the steps of these episodes at which a random action is taken in the expert's place.
        policy: arguments of the policy.
    """

    name: ClassVar[str]
    source: ClassVar[str]
    status: ClassVar[str]
    checked: ClassVar[str]
    undivided: ClassVar[str] = ""

    num_groups: int = 16
    group_size: int = 8
    segment: int = 0
    num_envs: int = 64
    learning_rate: float = 1e-3
    epochs: int = 2
    minibatch: int = 256
    max_grad_norm: float = 1.0
    anneal: bool = False
    processes: int = 1
    precision: Literal["float32", "bfloat16"] = "float32"
    entropy: float = 0.01
    gamma: float = 1.0
    warm_start: int = 0
    expert: str = "expert"
    warm_updates: int = 400
    warm_noise: float = 0.0
    policy: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a number of processes that the envs, the groups or the recipe cannot be divided by."""
        many = self.processes
        if not isinstance(many, int) or many < 1:
            raise ValueError(f"recipe {self.name!r}: processes={many!r}; it must be a whole number, at least 1")
        if many == 1:
            return
        if self.undivided:
            raise ValueError(f"recipe {self.name!r}: processes={many}, but {self.undivided}; set processes=1")
        for name in ("num_envs",) if self.segment else ("num_envs", "num_groups"):
            count = getattr(self, name)
            if count % many:
                near = max(round(count / many), 1) * many
                raise ValueError(
                    f"recipe {self.name!r}: {name}={count} cannot be shared out evenly among processes={many}; "
                    f"the nearest that can is {name}={near}"
                )

    def tag(self, observation: Any, action: Any, fresh: bool) -> str:
        """Return the tag of an expert's step, for the warm start of policies that choose tags."""
        return ""

    @abstractmethod
    def parts(self, context: Context) -> Parts:
        """Return the parts of one run."""


RECIPES: Registry[type[Recipe]] = Registry("recipe", "guerdon.agents.recipes")
"""All recipes by name, found by importing the modules of `guerdon.agents.recipes`."""

R = TypeVar("R", bound=type[Recipe])


def register(cls: R) -> R:
    """Class decorator: make a recipe known under its name."""
    RECIPES.add(cls.name, cls)
    return cls


def make_recipe(name: str, settings: Mapping[str, Any]) -> Recipe:
    """Return a recipe with other constants.

    Args:
        name: of the recipe, or with constants of its own, as rewards have parameters: "pure(temperature=0.5)".
        settings: further constants; those that stand in the name go before.

    Raises:
        UnknownNameError: there is no such recipe, or it has no such constant.
        ValueError: the constants in the name cannot be read.
    """
    plain, bracket, said = name.partition("(")
    cls = RECIPES[plain]
    constants = {**settings, **(_constants(name, said) if bracket else {})}
    known = {one.name: one for one in fields(cls)}
    for key in constants:
        check_name("setting", key, known, f"recipe {plain!r}")
    return cls(**constants)


def _constants(name: str, said: str) -> dict[str, Any]:
    try:
        call = ast.parse(f"f({said}", mode="eval").body
        if not isinstance(call, ast.Call) or call.args:
            raise ValueError(said)
        return {str(word.arg): ast.literal_eval(word.value) for word in call.keywords}
    except (SyntaxError, ValueError) as error:
        raise ValueError(
            f"cannot read the constants of the recipe {name!r}; write NAME(CONSTANT=VALUE, ...)"
        ) from error

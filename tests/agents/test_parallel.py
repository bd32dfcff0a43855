"""Training in several processes: the same update as in one, exact going on, and nobody left waiting or left over."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from guerdon.agents.advantages.dual import ProcessAndOutcome
from guerdon.agents.advantages.gae import GAE
from guerdon.agents.advantages.statistics import pooled_zscore, zscore
from guerdon.agents.parallel import FIGURES, Link
from guerdon.agents.pooled import PooledGradient, Report, merged_episodes, merged_figures, room_for
from guerdon.agents.recipe import RECIPES, Context, Parts, make_recipe
from guerdon.agents.recipe_learner import RecipeLearner
from guerdon.agents.samplers.segments import SegmentSampler
from guerdon.agents.trainer import SHARED, Trainer
from guerdon.core.trajectory import Batch
from guerdon.reward_models import make_reward
from guerdon.reward_models.process.base import StepScorer
from guerdon.reward_models.transforms.base import Column

from .household import HOUSEHOLD, SMALL
from .played import REWARD, make_player, make_text_policy

SETTINGS: dict[str, Any] = {"num_envs": 6, "segment": 8, "minibatch": 16, "gamma": 0.99, "policy": {"width": 8}}
KWARGS: dict[str, Any] = {**SMALL, "max_episode_steps": 12}
GROUPED: dict[str, Any] = {"segment": 0, "num_groups": 4, "group_size": 3}


def learner(recipe: str = "gae", **settings: Any) -> RecipeLearner:
    given = {**SETTINGS, "processes": 2, **settings}
    return RecipeLearner(recipe, HOUSEHOLD, KWARGS, make_reward(REWARD), 0, given, device="cpu")


def weights(one: RecipeLearner) -> torch.Tensor:
    return torch.cat([value.flatten() for value in one.policy.state_dict().values()])


def workers(one: RecipeLearner) -> list[Any]:
    assert one._crew is not None
    return list(one._crew._processes)


def ignore(info: dict[str, Any]) -> None:
    """Take no note of an episode."""


def linked(size: int, work: Callable[[Link], Any], room: int = 64) -> list[Any]:
    """Return what `work` returns with each of `size` links, in threads of this process."""
    pipes = [multiprocessing.Pipe() for _ in range(size - 1)]
    sums = multiprocessing.RawArray("f", 2 * size * room)
    rows = multiprocessing.RawArray("d", 2 * size * FIGURES)
    links = [Link(0, size, [mine for mine, _ in pipes], 20.0)]
    links += [Link(rank, size, [theirs]) for rank, (_, theirs) in enumerate(pipes, 1)]
    for one in links:
        one.share(sums, rows)
    with ThreadPoolExecutor(size) as pool:
        return list(pool.map(work, links))


@pytest.mark.parametrize("size", [2, 3])
def test_sums_and_figures_go_round(size: int) -> None:
    def work(link: Link) -> Any:
        found = []
        for turn in range(50):
            out = torch.zeros(5)
            link.write(5).copy_(torch.arange(5) + 10.0 * link.rank + turn)
            link.total(out)
            found.append((out, link.each([link.rank, turn])))
        return found, link.gather(link.rank)

    done = linked(size, work)
    for found, _ in done:
        for turn, (out, each) in enumerate(found):
            expected = size * (torch.arange(5) + turn) + 10.0 * sum(range(size))
            assert torch.equal(out, expected)
            assert each.tolist() == [[rank, turn] for rank in range(size)]
    assert [said for _, said in done] == [list(range(size)), *[[]] * (size - 1)]


@pytest.mark.parametrize("cut", [0, 1, 7, 20])
@pytest.mark.parametrize("shift", [0.0, 1e6])
def test_a_pooled_z_score_is_that_of_all_values(cut: int, shift: float) -> None:
    values = np.random.default_rng(0).normal(size=20) + shift
    parts = np.split(values, [cut])
    found = linked(2, lambda link: pooled_zscore(parts[link.rank], link.each))
    np.testing.assert_allclose(np.concatenate(found), zscore(values), atol=1e-6)
    same = [np.full(len(one), 0.1) for one in parts]
    assert not np.concatenate(linked(2, lambda link: pooled_zscore(same[link.rank], link.each))).any()


class Given(SegmentSampler):
    """Hands out trajectories that were played before."""

    def __init__(self, batch: Batch, row: slice):
        super().__init__(make_player(), 1)
        self._batch = replace(batch, groups=batch.groups[row])

    def collect(self, policy: Any, generator: Any, on_episode: Any = None, script: Any = None) -> Batch:
        return self._batch


@pytest.mark.parametrize("policy", [{}, {"memory": "gru"}], ids=["plain", "gru"])
@pytest.mark.parametrize("cut", [1, 5])
def test_an_update_of_two_parts_is_that_of_the_whole(policy: dict[str, Any], cut: int) -> None:
    first = make_text_policy(**policy)
    batch = SegmentSampler(make_player(), 9).collect(first, torch.Generator().manual_seed(0))
    recipe = make_recipe("gae", {**SETTINGS, "minibatch": 10_000, "epochs": 1})
    parts = recipe.parts(Context(first, HOUSEHOLD, {}, 0))

    def gradient(row: slice, link: Link | None) -> tuple[torch.Tensor, dict[str, float]]:
        one = make_text_policy(**policy)
        with torch.no_grad():
            for value in one.parameters():
                value.mul_(1.1)  # else all ratios are 1
        trainer = Trainer(one, parts, Given(batch, row), replace(recipe, max_grad_norm=1e9), 0, link=link)
        figures = trainer.iterate()
        return torch.cat([value.grad.flatten() for value in one.parameters() if value.grad is not None]), figures

    whole, figures = gradient(slice(None), None)
    rows = [slice(None, cut), slice(cut, None)]
    torch.manual_seed(0)
    halves = [make_text_policy(**policy) for _ in rows]
    room = room_for(list(halves[0].parameters()))
    found = []
    with pytest.MonkeyPatch.context() as patch:  # seeding is global, and threads would take turns at it
        ready = iter(halves)
        patch.setitem(globals(), "make_text_policy", lambda **_: next(ready))
        found = linked(2, lambda link: gradient(rows[link.rank], link), room)
    assert whole.abs().max() > 1e-3
    for one, _ in found:
        torch.testing.assert_close(one, whole, rtol=1e-4, atol=1e-6)
    assert torch.equal(found[0][0], found[1][0])
    assert found[0][1] == pytest.approx(figures, rel=1e-4, abs=1e-6)
    assert found[1][1] == {}


def test_a_process_without_steps_follows_the_others() -> None:
    def work(link: Link) -> Any:
        weight = torch.nn.Parameter(torch.ones(3))
        other = torch.nn.Parameter(torch.ones(2))
        pooled = PooledGradient([weight, other], link)
        shares = pooled.shares([4, 0, 0] if link.rank == 0 else [12, 5, 0])
        if link.rank:
            weight.grad = torch.full((3,), 2.0)
        pooled.pool()
        return shares, weight.grad, other.grad

    (first, grad, none), (second, same, _) = linked(2, work)
    assert (first, second) == ([0.25, 0.0, None], [0.75, 1.0, None])
    assert grad.tolist() == same.tolist() == [2.0, 2.0, 2.0]
    assert none is None


def test_figures_and_episodes_are_those_of_all_processes() -> None:
    first = Report(3, {"a": 1.0}, {"loss": 0.25}, [{"step": 14}, {"step": 18}], 20)
    second = Report(1, {"a": 5.0, "b": 2.0}, {}, [{"step": 11}, {"step": 14}], 16)
    assert merged_figures([first, second]) == {"a": 2.0, "b": 2.0, "loss": 0.25}
    episodes = merged_episodes([first, second], [10, 10])
    assert [info["step"] for info in episodes] == [22, 28, 28, 36]


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("gae", {"num_envs": 7}, r"num_envs=7 cannot be shared out evenly among processes=2.*is num_envs=8"),
        ("grpo", {"num_groups": 4, "processes": 3, "num_envs": 6}, r"num_groups=4 .*processes=3.*is num_groups=3"),
        ("gae", {"processes": 0}, r"processes=0; it must be a whole number, at least 1"),
        ("prime", {}, r"'prime': processes=2, but its reward model learns from whole batches; set processes=1"),
    ],
)
def test_what_cannot_be_divided_is_refused(name: str, settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_recipe(name, {"processes": 2, **settings})


@pytest.mark.parametrize("name", RECIPES)
def test_recipes_say_what_holds_a_batch_together(name: str) -> None:
    recipe = make_recipe(name, {})
    parts = recipe.parts(Context(make_text_policy(), HOUSEHOLD, {}, 0))
    learns = any(type(scorer).fit is not StepScorer.fit for scorer in parts.scorers)
    over = not parts.advantage.by_group and type(parts.advantage).pooled is not GAE.pooled
    assert recipe.undivided or not (learns or over)


def test_an_estimator_that_looks_beyond_groups_says_so() -> None:
    with pytest.raises(ValueError, match="ProcessAndOutcome compares over the whole batch: train with processes=1"):
        ProcessAndOutcome().pooled(Batch([]), [], lambda _: np.zeros((2, 1)))
    assert isinstance(Parts(Column("paid"), GAE()).advantage, GAE)


@pytest.fixture(scope="module")
def trained() -> Iterator[dict[str, Any]]:
    """Train three learners side by side: unbroken, again, and one that goes on from a checkpoint of the first."""
    unbroken, again, resumed = learner(), learner(), learner()
    told: tuple[list[Any], list[Any]] = [], []
    for one in (unbroken, again):
        one.learn(96, ignore, 400)
    checkpoint = unbroken.checkpoint()
    unbroken.learn(144, told[0].append, 400)
    resumed.resume(checkpoint)
    resumed.learn(144, told[1].append, 400)
    again.learn(144, ignore, 400)
    yield {"unbroken": unbroken, "again": again, "resumed": resumed, "told": told, "checkpoint": checkpoint}
    for one in (unbroken, again, resumed):
        assert one._crew is not None
        one._crew.stop()


def test_equal_seeds_give_equal_weights(trained: dict[str, Any]) -> None:
    assert torch.equal(weights(trained["unbroken"]), weights(trained["again"]))
    assert trained["unbroken"].steps == trained["again"].steps == 240


def test_a_resumed_run_is_the_unbroken_one(trained: dict[str, Any]) -> None:
    assert torch.equal(weights(trained["unbroken"]), weights(trained["resumed"]))
    assert trained["resumed"].steps == 240
    np.testing.assert_equal(trained["told"][1], trained["told"][0])
    steps = [info["step"] for info in trained["told"][0]]
    assert steps == sorted(steps)
    assert 96 < steps[0] <= steps[-1] <= 240
    assert sum(info["episode"]["l"] for info in trained["told"][0]) > 72, "more than one process plays"


def test_another_number_of_processes_does_not_go_on(trained: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="processes=1, but the checkpoint is one of processes=2"):
        learner(processes=1).resume(trained["checkpoint"])


def test_a_process_that_raises_ends_the_run(trained: dict[str, Any]) -> None:
    one = trained["again"]
    state = one._trainer.state()
    shared = {name: state[name] for name in SHARED}
    with pytest.raises(RuntimeError, match=r"'gae': process 1 of 0 to 1 raised KeyError: 'generator'") as caught:
        one._crew.call("restore", shared, each=[state, {}])
    assert "Traceback" in caught.value.__notes__[0]
    assert not any(process.is_alive() for process in workers(one))
    with pytest.raises(RuntimeError, match="have been stopped after an error"):
        one.learn(1, ignore)


def test_a_killed_process_ends_the_run(trained: dict[str, Any]) -> None:
    one = trained["unbroken"]
    (process,) = workers(one)

    def kill(info: dict[str, Any]) -> None:
        os.kill(process.pid, signal.SIGKILL)

    with pytest.raises(RuntimeError, match="process 1 of 0 to 1 was killed by SIGKILL"):
        one.learn(2000, kill)
    assert not process.is_alive()


def test_a_process_that_hangs_ends_the_run(trained: dict[str, Any]) -> None:
    one = trained["resumed"]
    (process,) = workers(one)
    os.kill(process.pid, signal.SIGSTOP)
    one._crew._patience = one._crew.own._link._patience = 1.0
    with pytest.raises(RuntimeError, match="process 1 of 0 to 1 has not answered for 1 s"):
        one.learn(48, ignore)
    assert not process.is_alive()


def test_groups_with_a_warm_start_and_an_end() -> None:
    one, told = learner("grpo", **GROUPED, warm_start=6, kl=0.1), list[Any]()
    (process,) = workers(one)
    one.learn(1, ignore)
    assert one._trainer is None or one._trainer.steps == 0, "the expert has met the budget"
    expert = one.steps
    one.learn(1, told.append)
    assert len(told) >= 12
    assert one.steps >= expert + sum(info["episode"]["l"] for info in told)
    assert 0.0 <= one.figures["outcome"] <= 1.0
    assert "kl" in one.figures
    del one
    process.join(10.0)
    assert process.exitcode is not None, "the processes end with their learner"


SCRIPT = """
import sys
from guerdon.agents.recipe_learner import RecipeLearner
from guerdon.reward_models import make_reward
one = RecipeLearner("gae", {env!r}, {kwargs!r}, make_reward({reward!r}), 0, {settings!r}, device="cpu")
one.learn(1, lambda _: None)
print(one._crew._processes[0].pid, flush=True)
one.learn(10**9, lambda _: None)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads the table of processes")
def test_no_process_outlives_the_one_that_hired_it() -> None:
    script = SCRIPT.format(env=HOUSEHOLD, kwargs=KWARGS, reward=REWARD, settings={**SETTINGS, "processes": 2})
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.kill()
    until = time.monotonic() + 10.0
    while os.path.exists(f"/proc/{worker}") and time.monotonic() < until:
        time.sleep(0.05)
    assert not os.path.exists(f"/proc/{worker}")

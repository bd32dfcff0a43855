"""Measures the manipulation envs against the physics in them, every figure with its median and range.

    python scripts/bench_manipulation.py [--quick] [--metaworld PYTHON] [--json docs/results/bench_manipulation.json]

Time is CPU time of one process with one thread for the physics, except where "wall" is said. "Pure physics" is
`mj_step` on the same model from the same starts under the same controls, which the env's own episodes wrote down: 10
substeps are one step. It is measured in turns with the env, so that a busy machine disturbs both alike. Actions are
uniform in [-1, 1]. A vector env plays whole episodes and the automatic reset after them, with observations, infos and
the staged reward with its terms; the step that resets counts for nothing, though its time is in the sum. The cost of
other rewards is measured on a vector env whose physics stands still, where it is not lost in the noise. Given a Python
that has Meta-World, its pick-place is measured in turns with ours.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import gymnasium as gym
import numpy as np

import guerdon
from guerdon.envs.manipulation.checks import CONTROLS
from guerdon.envs.manipulation.tasks.base import TASKS
from guerdon.reward_models import REWARDS
from guerdon.scripts.bench_figures import Figure, parser, report
from guerdon.scripts.benchmark import RATE, Bench, cpu_seconds, peak_mb, run_json

import mujoco  # isort: skip - after the envs, which choose how it draws

__all__ = ["ManipulationBench", "main"]

REWARD = "manipulation/staged-v1"
SHARE = {"joint": 0.85, "end_effector": 0.75}
"""How much of pure physics' speed a vector env is to have."""
SIZES, IN_ALL_SIZES = (16, 64, 256), ("Reach", "PickPlace")
"""Sizes of vector envs, and the tasks that are measured in all of them; the others have 64 envs."""
NUM_ENVS, MOST_ENVS = 64, 256
PICTURE = 480
RECORDED = {"name": "Meta-World pick-place-v3 on MuJoCo 3.10, measured once", "unit": RATE, "value": 1800}


class ManipulationBench(Bench):
    """All measurements, each as a method that yields figures.

    Args:
        quick: two short repetitions with few envs, to see that it works; the figures mean little.
        metaworld: path of a Python that has Meta-World, or None.
    """

    def __init__(self, quick: bool = False, metaworld: str | None = None):
        self.quick, self.metaworld = quick, metaworld
        super().__init__(60, NUM_ENVS, 2 if quick else 7, 1 if quick else 4)

    def run(self) -> Iterator[Figure]:
        """Measure one thing after another; memory first, though in a process of its own."""
        yield from self.memory()
        for task, control in itertools.product(TASKS, CONTROLS):
            yield from self.single(task, control)
            for size in (8,) if self.quick else SIZES if task in IN_ALL_SIZES else (NUM_ENVS,):
                yield from self.vector_env(task, control, size)
        yield from itertools.chain(self.resets(), self.reward_costs(), self.threads(), self.pictures())
        if self.metaworld:
            yield from self.beside_metaworld(self.metaworld)

    def actions(self, steps: int, *shape: int) -> np.ndarray:
        """Draw actions (steps, *shape)."""
        return self.numbers.uniform(-1, 1, (steps, *shape)).astype(np.float32)

    def memory(self) -> Iterator[Figure]:
        """Memory of a process that does nothing else."""
        found = run_json(Path(__file__), "--memory")
        yield Figure("memory after the imports", "MB", [found["imports"]])
        yield Figure(f"peak memory, vector env of {MOST_ENVS} after play", "MB", [found["peak"]])

    def single(self, task: str, control: str) -> Iterator[Figure]:
        """One env, with gymnasium's default wrappers and without, and the physics of both."""
        whole: Any = gym.make(name(task), control=control)
        raw: Any = gym.wrappers.TimeLimit(whole.unwrapped, whole.spec.max_episode_steps)
        rates: dict[str, list[float]] = {"pure physics": [], "raw env": [], "gym.make": []}

        def measure(seed: int) -> None:
            episodes = self.actions(self.episodes, whole.spec.max_episode_steps, *whole.action_space.shape)
            physics = play_single(whole, episodes, seed, record=True)[1]
            seconds = {
                "pure physics": sum(pure(whole.unwrapped, *episode) for episode in physics),
                "raw env": play_single(raw, episodes, seed)[0],
                "gym.make": play_single(whole, episodes, seed)[0],
            }
            for what, spent in seconds.items():
                rates[what].append(episodes.shape[0] * episodes.shape[1] / spent)

        self.repeat(lambda seed: measure(seed) or 0.0)
        for what, values in rates.items():
            yield Figure(f"{task}, {control}: {what}", RATE, values, (">=", 8000) if what != "pure physics" else None)

    def vector_env(self, task: str, control: str, size: int) -> Iterator[Figure]:
        """Many envs in one process against the physics in them."""
        env: Any = guerdon.make_vec(name(task), size, REWARD, control=control)
        steps = env.unwrapped.max_episode_steps
        rounds = 1 if self.quick else max(1, NUM_ENVS // size)
        sample = min(size, NUM_ENVS)  # of the physics, evenly spread over the envs
        rates: list[float] = []

        def ratio(seed: int) -> float:
            actions = self.actions(steps + 1, *env.action_space.shape)
            states, controls = record(env, actions[:steps], seed)
            spent = physics = 0.0
            for _ in range(rounds):
                env.reset(seed=seed)
                spent += cpu_seconds(lambda: [env.step(action) for action in actions])
                rows = range(0, size, size // sample)
                physics += sum(pure(env.unwrapped, states[row], controls[:, row]) for row in rows) * size / sample
            rates.append(rounds * steps * size / spent)
            return physics / spent

        shares = self.repeat(ratio)
        what = f"{task}, {control}: vector env of {size}"
        yield Figure(what, RATE, rates)
        yield Figure(f"{what} to physics", "times", shares, (">=", SHARE[control]) if size >= 16 else None)

    def resets(self) -> Iterator[Figure]:
        """Starts never seen before, one at a time and all at once."""
        for task in TASKS:
            env = gym.make(name(task))
            many = guerdon.make_vec(name(task), NUM_ENVS)
            count = 4 if self.quick else 200
            yield Figure(f"{task}: reset", "µs", self.each(count, 1e6, env.reset))
            values = self.each(max(1, count // NUM_ENVS), 1e6 / NUM_ENVS, many.reset)
            yield Figure(f"{task}: reset in a vector env of {NUM_ENVS}", "µs/env", values)

    def reward_costs(self) -> Iterator[Figure]:
        """Each reward of the world, on top of the vector env's step."""
        steps = 20 if self.quick else 400
        for reward in (reward for reward in REWARDS if reward.startswith("manipulation/")):
            plain, paying = (still(guerdon.make_vec(name("PickPlace"), NUM_ENVS, which)) for which in (None, reward))

            def overhead(seed: int, plain: Any = plain, paying: Any = paying) -> float:
                actions = self.actions(steps, *plain.action_space.shape)
                spent = []
                for env in (plain, paying):
                    env.reset(seed=seed)
                    spent.append(cpu_seconds(lambda env=env: [env.step(action) for action in actions]))
                return (spent[1] - spent[0]) / (steps * NUM_ENVS) * 1e6

            overhead(0)
            yield Figure(f"{reward}, vector env of {NUM_ENVS}", "µs/step", self.repeat(overhead))

    def threads(self) -> Iterator[Figure]:
        """Two threads for the physics against one, by the clock on the wall."""
        size = 8 if self.quick else MOST_ENVS
        one, two = (guerdon.make_vec(name("PickPlace"), size, REWARD, num_threads=count) for count in (1, 2))

        def ratio(seed: int) -> float:
            actions = self.actions(self.horizon, *(one.action_space.shape or ()))
            spent = []
            for env in (one, two):
                env.reset(seed=seed)
                began = perf_counter()
                for action in actions:
                    env.step(action)
                spent.append(perf_counter() - began)
            return spent[0] / spent[1]

        yield Figure(f"vector env of {size}, two threads to one, wall", "times", self.repeat(ratio), (">=", 1.7))

    def beside_metaworld(self, python: str) -> Iterator[Figure]:
        """PickPlace in a vector env, automatic resets included, against Meta-World's, resets left out."""
        env: Any = guerdon.make_vec(name("PickPlace"), NUM_ENVS, REWARD)
        steps, theirs, ours, lengths = env.unwrapped.max_episode_steps, [], [], []

        def measure(seed: int) -> float:
            script = Path(__file__).with_name("bench_metaworld.py")
            told = subprocess.run([python, str(script), "1500"], check=True, capture_output=True, text=True).stdout
            found = json.loads(told.splitlines()[-1])
            actions = self.actions(steps + 1, *env.action_space.shape)
            env.reset(seed=seed)
            spent = cpu_seconds(lambda: [env.step(action) for action in actions])
            theirs.append(found["rate"])
            lengths.append(found["seconds_a_step"])
            ours.append(steps * NUM_ENVS / spent)
            return 0.0

        self.repeat(measure)
        step = env.unwrapped.model.opt.timestep * env.unwrapped.num_substeps
        yield Figure("Meta-World, pick-place-v3", RATE, theirs)
        times = [mine / other for mine, other in zip(ours, theirs, strict=True)]
        yield Figure(f"PickPlace, vector env of {NUM_ENVS} to Meta-World, env steps", "times", times, (">=", 4))
        simulated = [ratio * step / length for ratio, length in zip(times, lengths, strict=True)]
        what = f"PickPlace, vector env of {NUM_ENVS} to Meta-World, simulated time"
        yield Figure(what, "times", simulated, (">=", 20))

    def pictures(self) -> Iterator[Figure]:
        """A picture of the front camera, where there is OpenGL."""
        env = gym.make(name("PickPlace"), render_mode="rgb_array", width=PICTURE, height=PICTURE)
        env.reset(seed=0)
        try:
            env.render()
        except RuntimeError as error:
            print(f"pictures are not measured: {error}", file=sys.stderr)
            return
        count = 2 if self.quick else 20

        def measure(_: int) -> float:
            began = perf_counter()
            for _ in range(count):
                env.render()
            return (perf_counter() - began) / count * 1000

        yield Figure(f"picture, {PICTURE} x {PICTURE}, wall", "ms", self.repeat(measure), ("<", 8))
        env.close()


def name(task: str) -> str:
    """Return the id of a task's env."""
    return f"guerdon:guerdon/{task}-v0"


def still(env: Any) -> Any:
    """Return a vector env after its physics was stopped."""
    env.unwrapped._cell.simulations.step = lambda num_substeps: None
    return env


def play_single(env: Any, episodes: np.ndarray, seed: int, record: bool = False) -> tuple[float, list[Any]]:
    """Play episodes of actions (E, T, k) in a single env; return CPU s and, if asked, each one's start and controls."""
    cell, physics = env.unwrapped._cell, []
    began = process_time()
    for number, actions in enumerate(episodes):
        env.reset(seed=None if number else seed)
        if record:
            physics.append((cell.simulations.state(0), np.empty((len(actions), env.unwrapped.model.nu))))
        for step, action in enumerate(actions):
            env.step(action)
            if record:
                physics[-1][1][step] = cell.ctrl[0]
    return process_time() - began, physics


def record(env: Any, actions: np.ndarray, seed: int) -> tuple[list[np.ndarray], np.ndarray]:
    """Play an episode in a vector env; return its integration states at the start, and all controls (T, N, nu)."""
    env.reset(seed=seed)
    cell = env.unwrapped._cell
    states, controls = [cell.simulations.state(row) for row in range(cell.size)], []
    for action in actions:
        env.step(action)
        controls.append(cell.ctrl.copy())
    return states, np.array(controls)


def pure(env: Any, state: np.ndarray, controls: np.ndarray) -> float:
    """Return the CPU s of `mj_step` under the controls (T, nu) of an episode, from an integration state."""
    model, substeps = env.model, env.num_substeps
    data = mujoco.MjData(model)
    kind = int(mujoco.mjtState.mjSTATE_INTEGRATION)
    mujoco.mj_setState(model, data, state[: mujoco.mj_stateSize(model, kind)], kind)
    began = process_time()
    for control in controls:
        data.ctrl[:] = control
        mujoco.mj_step(model, data, substeps)
    return process_time() - began


def measure_memory() -> dict[str, float]:
    """Return the peak memory of this process, in MB, before and after play in a vector env."""
    imports = peak_mb()
    env = guerdon.make_vec(name("PickPlace"), MOST_ENVS, REWARD)
    env.reset(seed=0)
    for _ in range(10):
        env.step(env.action_space.sample())
    return {"imports": imports, "peak": peak_mb()}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table and, if asked to, write the figures."""
    options = parser(__doc__)
    options.add_argument("--memory", action="store_true", help="only the memory of this process, as JSON")
    options.add_argument("--metaworld", metavar="PYTHON", help="a Python that has Meta-World, to be measured beside")
    args = options.parse_args(argv)
    if args.memory:
        print(json.dumps(measure_memory()))
    else:
        report(ManipulationBench(args.quick, args.metaworld).run(), args, RECORDED, mujoco=mujoco.__version__)
    return 0


if __name__ == "__main__":
    sys.exit(main())

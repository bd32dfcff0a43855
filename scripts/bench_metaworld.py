"""Times Meta-World's pick-place; run by a Python that has it, which need not have guerdon.

    /path/to/venv/bin/python scripts/bench_metaworld.py [STEPS]

Prints one line of JSON: env steps per CPU second, simulated seconds of a step, and versions. Actions are uniform in
[-1, 1]; resets, which take as long as dozens of steps there, are left out. `bench_manipulation.py --metaworld PYTHON`
runs it beside its own figures.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from time import process_time
from typing import Any

__all__ = ["measure"]


def measure(steps: int, seed: int = 0) -> dict[str, Any]:
    """Play `steps` steps of pick-place-v3 and return what they took."""
    import metaworld  # pyright: ignore[reportMissingImports] - of the Python that runs this
    import numpy as np

    task = metaworld.MT1("pick-place-v3", seed=seed)
    env: Any = task.train_classes["pick-place-v3"]()
    env.set_task(task.train_tasks[0])
    actions = np.random.default_rng(seed).uniform(-1, 1, (steps, 4))
    spent = 0.0
    for begin in range(0, steps, 150):
        env.reset()
        part = actions[begin : begin + 150]
        began = process_time()
        for action in part:
            env.step(action)
        spent += process_time() - began
    return {
        "rate": steps / spent,
        "seconds_a_step": float(env.dt),
        "metaworld": version("metaworld"),
        "mujoco": version("mujoco"),
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1500)))

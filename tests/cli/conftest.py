"""A run that the verb `train` has made, for the verbs that use one."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import NamedTuple

import pytest

from guerdon.scripts.options import Overrides
from guerdon.scripts.train import Train, main


class Trained(NamedTuple):
    """A run folder, and what the verb printed."""

    folder: Path
    output: str


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Train a little by `main(Train(...))`; tests only read the run."""
    root, output = tmp_path_factory.mktemp("cli"), io.StringIO()
    with contextlib.redirect_stdout(output):
        code = main(
            Train(
                steps=256,
                seed=1,
                episodes=3,
                points=1,
                out=str(root),
                overrides=Overrides(
                    env_arg=("task_types=(1, 2)", "max_episode_steps=8"),
                    agent_arg=("num_envs=8", "n_steps=8", "batch_size=32", "learning_rate=1e-3"),
                ),
            )
        )
    assert code == 0
    (run,) = root.rglob("run.json")
    return Trained(run.parent, output.getvalue())

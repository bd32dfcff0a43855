"""A run folder: one writer, whole files, and a checkpoint from which a killed run goes on exactly."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import platform
import shutil
import subprocess
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import Any

from ..core.files import lock, write_atomic, write_json
from .config import CellConfig

__all__ = ["RunFolder", "is_done"]

PACKAGES = ("guerdon", "gymnasium", "numpy", "torch", "stable-baselines3", "sb3-contrib")
GROWING = ("metrics.jsonl", "episodes.csv")


def is_done(folder: Path) -> bool:
    """Return whether a folder holds a finished run."""
    try:
        return json.loads((folder / "run.json").read_text())["status"] == "done"
    except (FileNotFoundError, json.JSONDecodeError, KeyError):
        return False


class RunFolder:
    """The folder of one cell while it is being worked on. Use it as a context manager: it holds a lock.

        run.json        what was run, with what, and how it stands; written whole, last of all
        metrics.jsonl   the learning curve
        episodes.csv    every episode
        checkpoints/    policy.zip or policy.pt, and while the run goes on state.pkl
        videos/         what it looks like

    Raises:
        RuntimeError: another process works on the same cell.
    """

    def __init__(self, config: CellConfig, root: str | Path):
        self.config, self.path = config, config.folder(root)
        self.path.mkdir(parents=True, exist_ok=True)
        self._lock: Any = None

    def __enter__(self) -> RunFolder:
        self._lock = (self.path / ".lock").open("w")
        if not lock(self._lock):
            self._lock.close()
            raise RuntimeError(f"{self.path}: another process works on this run")
        for pattern in (".*.json.*", ".*.csv.*", "checkpoints/.*", "videos/.*"):  # half-written by a killed process
            for file in self.path.glob(pattern):
                file.unlink()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.close()

    @property
    def checkpoint(self) -> dict[str, Any] | None:
        """The last checkpoint, with the files that grow cut back to what they were then; or None."""
        try:
            data = pickle.loads((self.path / "checkpoints" / "state.pkl").read_bytes())
        except (FileNotFoundError, EOFError, pickle.UnpicklingError):
            return None
        for name, size in data["sizes"].items():
            if _size(self.path / name) < size:
                return None
            os.truncate(self.path / name, size)
        return data

    def begin(self) -> None:
        """Start over: forget what a run without a checkpoint left, and note what is being run."""
        for name in GROWING:
            (self.path / name).unlink(missing_ok=True)
        for name in ("checkpoints", "videos"):
            shutil.rmtree(self.path / name, ignore_errors=True)
        self._write("running", 0.0)

    def save_checkpoint(self, **values: Any) -> None:
        """Keep what going on depends on, atomically."""
        sizes = {name: _size(self.path / name) for name in GROWING if (self.path / name).exists()}
        write_atomic(self.path / "checkpoints" / "state.pkl", pickle.dumps({"sizes": sizes, **values}))

    def add_metrics(self, step: int, values: dict[str, float]) -> None:
        """Append points of the learning curve."""
        lines = [json.dumps({"step": step, "name": name, "value": value}) for name, value in values.items()]
        with (self.path / "metrics.jsonl").open("a") as file:
            file.write("".join(f"{line}\n" for line in lines))

    def commit(self, wall_s: float) -> None:
        """Declare the run finished. Only then do comparisons read it."""
        self._write("done", wall_s)
        (self.path / "checkpoints" / "state.pkl").unlink(missing_ok=True)

    def fail(self, error: str) -> None:
        """Note why the run could not go on."""
        self._write("running", 0.0, error=error)

    def _write(self, status: str, wall_s: float, **more: Any) -> None:
        config = self.config
        reward = config.made_reward()
        plain = json.loads(json.dumps(asdict(config), default=os.fspath))
        write_json(
            self.path / "run.json",
            {
                "schema": 1,
                "status": status,
                **{key: plain[key] for key in ("env", "env_kwargs", "reward", "agent", "seed")},
                "steps": 0 if config.scripted else config.steps,
                "reward_hash": reward.hash,
                "reward_spec": reward.spec,
                "args": {
                    key: plain[key]
                    for key in ("agent_args", "sets", "episodes", "points", "curve_episodes")
                    if not (config.scripted and key == "agent_args")
                },
                "git": _git(),
                "versions": _versions(),
                "wall_s": round(wall_s, 2),
                **more,
            },
        )


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found


def _git() -> dict[str, Any]:
    """Return the commit of the checkout that the code runs from, if it is one."""

    def ask(*words: str) -> str:
        command = ["git", "-C", str(Path(__file__).resolve().parent), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()

    try:
        if not Path(ask("rev-parse", "--show-toplevel"), "src", "guerdon").is_dir():  # somebody else's checkout
            return {"sha": None, "dirty": None}
        return {"sha": ask("rev-parse", "HEAD"), "dirty": bool(ask("status", "--porcelain", "-uno"))}
    except (OSError, subprocess.SubprocessError):
        return {"sha": None, "dirty": None}

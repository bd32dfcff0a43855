"""Fitting a reward model to a folder of data and keeping it as one file."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..core.names import check_name
from ..core.preferences import PreferenceSet
from ..core.trajectory import Trajectory
from ..reward_models.learned.base import MODELS, RewardModel
from .preference_store import PAIRS, load_preferences, preferences_origin
from .recording import replay
from .trajectory_store import Origin, load_trajectories, read_origin

__all__ = ["data_origin", "fit_model", "load_data", "usage"]


def fit_model(
    model: str,
    data: str | Path | Sequence[str | Path],
    out: str | Path,
    seed: int = 0,
    settings: Mapping[str, Any] | None = None,
) -> RewardModel:
    """Fit a reward model to data and save it; return it, with what was reported in `figures`.

    Args:
        model: name of a reward model.
        data: a folder, or several of the same env whose content is put together.
        out: file to write, NAME.npz.
        seed: of everything that is drawn.
        settings: fields of the model that are not to have their defaults.

    Raises:
        UnknownNameError: there is no such model or setting.
        FileNotFoundError: a folder holds no data.
        ValueError: the model is fitted to the other kind of data, or no pair has a label.
        RuntimeError: minari or pyarrow is not installed.
    """
    kind = MODELS[model]
    for name in settings or {}:
        check_name("setting", name, [one.name for one in dataclasses.fields(kind) if one.init], model)  # type: ignore[arg-type]
    made = kind(**(settings or {}))
    if Path(out).suffix != ".npz":
        raise ValueError(f"the model would be written to {out}; name a file that ends in .npz")
    wants_state = "state" in made.reads or (settings or {}).get("kind") == "state"
    found = load_data([data] if isinstance(data, str | Path) else data, made.fits, model, wants_state)
    made.figures = {name: float(value) for name, value in made.fit(found, seed).items()}
    made.save(out)
    return made


def load_data(folders: Sequence[str | Path], fits: str, reader: str = "the model", states: bool = False) -> Any:
    """Return what folders hold: a list of trajectories, or a `PreferenceSet`.

    Args:
        folders: one or more, of the same env.
        fits: "demonstrations" or "preferences".
        reader: who wants it, for errors.
        states: whether privileged states are wanted, which are not stored: the episodes are played again to see them.

    Raises:
        FileNotFoundError: a folder holds nothing.
        ValueError: it holds the other kind of data, or data of another env; or no pair has a label.
    """
    if not folders:
        raise ValueError("no folder of data was named")
    for folder in folders:
        holds = _kind_of(folder)
        if holds != fits:
            verb = {"demonstrations": "demonstrate", "preferences": "prefer"}[fits]
            raise ValueError(f"{reader} is fitted to {fits}, but {folder} holds {holds}; use `guerdon {verb}`")
    origins = [data_origin(folder) for folder in folders]
    for folder, origin in zip(folders[1:], origins[1:], strict=True):
        if origin.env != origins[0].env:
            raise ValueError(f"{folders[0]} is of {origins[0].env} and {folder} of {origin.env}; fit them apart")
    if fits == "demonstrations":
        each = [load_trajectories(folder) for folder in folders]
        return [one for some, origin in zip(each, origins, strict=True) for one in _seen(some, origin, states)]
    sets = [load_preferences(folder) for folder in folders]
    whole = _joined(
        [
            dataclasses.replace(one, trajectories=_seen(one.trajectories, origin, states))
            for one, origin in zip(sets, origins, strict=True)
        ]
    )
    if not whole.decided.any():
        raise ValueError(f"no pair of {', '.join(map(str, folders))} has a label; `guerdon label` asks you for them")
    return whole


def usage(model: RewardModel, path: str | Path) -> str:
    """Return the expression under which a saved model pays: as a potential if it values states, else as a reward."""
    form = ", form='shaping'" if model.values_states else ""
    return f"learned/model-v1(path={Path(path).as_posix()!r}{form})"


def data_origin(folder: str | Path) -> Origin:
    """Return where the episodes in a folder of either kind come from."""
    return preferences_origin(folder) if _kind_of(folder) == "preferences" else read_origin(folder)


def _kind_of(folder: str | Path) -> str:
    if not Path(folder).is_dir():
        raise FileNotFoundError(f"there is no folder {str(folder)!r}; `guerdon demonstrate` and `prefer` make data")
    if Path(folder, PAIRS).exists():
        return "preferences"
    return "demonstrations" if Path(folder, "data", "metadata.json").exists() else "nothing that a model is fitted to"


def _seen(trajectories: Sequence[Trajectory], origin: Origin, states: bool) -> Sequence[Trajectory]:
    return replay(trajectories, origin.env, origin.env_kwargs) if states else trajectories


def _joined(parts: Sequence[PreferenceSet]) -> PreferenceSet:
    """Return several sets as one."""
    pairs, trajectories = [], []
    for one in parts:
        shift = np.array([len(trajectories), 0, 0])
        pairs.append(one.pairs + shift)
        trajectories += list(one.trajectories)
    labels = np.concatenate([one.labels for one in parts])
    source = " | ".join(dict.fromkeys(one.source for one in parts))
    return PreferenceSet(trajectories, np.concatenate(pairs), labels, source)

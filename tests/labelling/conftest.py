"""A folder of ten pairs that nobody has labelled, from a world of text that opens at once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from guerdon.evaluation.datasets import (
    Origin,
    load_preferences,
    prefer,
    preferences_origin,
    save_preferences,
    training_kwargs,
)
from guerdon.evaluation.labelling import segments
from guerdon.evaluation.labelling.clips import Clips
from guerdon.evaluation.labelling.session import LabelSession

CALC = "guerdon:guerdon/Calc-v0"
PAIRS = 10


@pytest.fixture(scope="session", autouse=True)
def small_pages() -> Iterator[None]:
    """Film pages of half the size in this process: what is tested is the same, and four times faster."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segments, "SCALE", 1)
        yield


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Record once; tests copy it."""
    for needed in ("minari", "pyarrow"):
        pytest.importorskip(needed, reason="needs the extra data: pip install 'guerdon[data]'")
    found = prefer(CALC, None, None, PAIRS, ("expert", "random"), episodes=12, longest=4)
    folder = tmp_path_factory.mktemp("preferences") / "calc pairs"
    return save_preferences(folder, found, Origin(CALC, training_kwargs(CALC), "expert + random", 0))


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy to label, of what the parameter names: "recorded" or "filmed"."""
    source = request.getfixturevalue(getattr(request, "param", "recorded"))
    return Path(shutil.copytree(source, tmp_path / source.name))


@pytest.fixture(scope="session")
def filmed(recorded: Path, small_pages: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the clips made, but for two pairs that a server has to film itself."""
    made = Path(shutil.copytree(recorded, tmp_path_factory.mktemp("filmed") / recorded.name))
    clips = Clips(made, load_preferences(made), preferences_origin(made))
    for pair in set(range(PAIRS)) - {0, 6}:
        clips.get(pair)
    clips.close()
    return made


@pytest.fixture
def session(folder: Path) -> Iterator[LabelSession]:
    """A sitting, closed in the end."""
    made = LabelSession(folder)
    yield made
    made.close()

"""The compiled catalogue: built once, shared, built anew when it is broken, and by one of several processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from guerdon.envs.webshop.data.sources import open_compiled


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUERDON_CACHE", str(tmp_path))


def facts(seed: int = 0) -> tuple[str, list[int], int]:
    compiled = open_compiled(1000, None, seed, False)
    return compiled.products[7].asin, compiled.search.search("red shoes").tolist(), len(compiled.goals)


def test_it_is_built_once_and_equal_when_built_again(tmp_path: Path) -> None:
    first = facts()
    (folder,) = (tmp_path / "webshop").iterdir()
    stamp = (folder / "catalogue.json").stat().st_mtime_ns
    assert facts() == first
    assert (folder / "catalogue.json").stat().st_mtime_ns == stamp
    assert facts(seed=1) != first
    assert len(list((tmp_path / "webshop").iterdir())) == 2


@pytest.mark.parametrize("broken", ["products.jsonl", "goals.jsonl", "index/meta.json", "catalogue.json", "asins.npy"])
def test_a_broken_one_is_built_anew_and_said_so(tmp_path: Path, broken: str) -> None:
    first = facts()
    (folder,) = (tmp_path / "webshop").iterdir()
    file = folder / broken
    file.write_bytes(file.read_bytes()[:20])
    with pytest.warns(UserWarning, match="built anew"):
        assert facts() == first
    assert facts() == first


def test_an_index_of_another_catalogue_is_noticed(tmp_path: Path) -> None:
    first = facts()
    other = open_compiled(1100, None, 0, False).folder
    folder = open_compiled(1000, None, 0, False).folder
    for file in (other / "index").iterdir():
        (folder / "index" / file.name).write_bytes(file.read_bytes())
    with pytest.warns(UserWarning, match="different numbers"):
        assert facts() == first


def test_several_processes_that_begin_at_once_all_get_it() -> None:
    code = (
        "from guerdon.envs.webshop.data.sources import open_compiled\n"
        "found = open_compiled(1000, None, 0, False)\n"
        "print(found.products[7].asin, found.search.search('red shoes').tolist())"
    )
    running = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = [process.communicate(timeout=60)[0] for process in running]
    assert [process.returncode for process in running] == [0] * 4
    assert said == said[:1] * 4

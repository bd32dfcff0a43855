"""Scripted policies by what they are there for."""

from __future__ import annotations

import pytest

from guerdon.agents.scripted import SCRIPTED, find_scripted
from guerdon.core.roles import role_of
from guerdon.envs.registration import env_ids, is_text


@pytest.mark.parametrize("env", env_ids())
@pytest.mark.parametrize("role", ["expert", "random", "lazy"])
def test_every_env_has_its_references(env: str, role: str) -> None:
    found = find_scripted(role, env)
    assert SCRIPTED[found].plays(env)
    assert role_of(found) == role
    assert is_text(env.partition(":")[2]) == (found == role)


def test_other_names_mean_themselves() -> None:
    assert find_scripted("manipulation/hover", "guerdon:guerdon/Push-v0") == "manipulation/hover"
    assert find_scripted("nobody", "guerdon:guerdon/Push-v0") == "nobody"
    assert role_of("household/busy-exploit") == "household/busy-exploit"
    assert role_of("manipulation/drawer-open-expert") == "expert"

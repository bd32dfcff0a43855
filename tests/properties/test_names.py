"""Errors about names are whole on the other side of a process boundary."""

from __future__ import annotations

import pickle

import pytest

from guerdon.core.names import UnknownNameError, check_name


@pytest.mark.parametrize("where", ["", "reset(options=...)"])
def test_the_error_survives_pickling(where: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        check_name("reward", "busyy", ("busy", "lazy"), where)
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is UnknownNameError
    assert str(again) == str(caught.value)
    assert "Did you mean 'busy'" in str(again)

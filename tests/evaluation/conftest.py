import matplotlib.font_manager  # noqa: F401  builds its font cache once, outside the tests' timing
import pytest

from guerdon.evaluation.comparison import Comparison

from .synthetic import make_runs


@pytest.fixture(scope="session")
def runs(tmp_path_factory):
    root = tmp_path_factory.mktemp("store")
    return root, make_runs(root, num_tasks=24)


@pytest.fixture(scope="session")
def comparison(runs):
    root, folders = runs
    return Comparison.from_runs(folders, root=root)

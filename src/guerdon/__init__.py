"""guerdon: swap the reward of a task, train the same agent, see what it really achieves."""

from ._version import __version__

__all__ = ["__version__"]

"""Chooses how MuJoCo draws where there is no display."""

from __future__ import annotations

import importlib
import os
import sys
from glob import glob

__all__ = ["choose_gl"]

PLACES = ("/usr/lib", "/usr/lib64", "/usr/lib/*-linux-gnu", "/usr/local/lib", "/lib64")
CONTEXTS = ("mujoco.rendering.classic.gl_context", "mujoco.gl_context")
"""The modules of MuJoCo that read the choice when they are imported, by version."""


def choose_gl() -> None:
    """Ask for EGL on Linux without a display if it is there, unless the user has asked for something.

    MuJoCo cannot even be imported if it is asked for a library that is missing, so that is looked up first. If MuJoCo
    was imported before, it is made to choose again.
    """
    if sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("MUJOCO_GL"):
        return
    places = [*PLACES, *filter(None, os.environ.get("LD_LIBRARY_PATH", "").split(":"))]
    if not any(glob(f"{place}/libEGL.so.1") for place in places):
        return
    os.environ["MUJOCO_GL"] = "egl"
    for name in CONTEXTS:
        if name in sys.modules:
            importlib.reload(sys.modules[name])

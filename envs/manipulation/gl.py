"""Chooses how MuJoCo draws, before it is imported: it reads MUJOCO_GL only then."""

from __future__ import annotations

import os
import sys
from glob import glob

__all__ = ["choose_gl"]

PLACES = ("/usr/lib", "/usr/lib64", "/usr/lib/*-linux-gnu", "/usr/local/lib", "/lib64")


def choose_gl() -> None:
    """Ask for EGL on Linux without a display if it is there, unless the user has asked for something.

    MuJoCo cannot even be imported if it is asked for a library that is missing, so that is looked up first.
    """
    if sys.platform != "linux" or "mujoco" in sys.modules:
        return
    if os.environ.get("DISPLAY") or os.environ.get("MUJOCO_GL"):
        return
    places = [*PLACES, *filter(None, os.environ.get("LD_LIBRARY_PATH", "").split(":"))]
    if any(glob(f"{place}/libEGL.so.1") for place in places):
        os.environ["MUJOCO_GL"] = "egl"

"""Pictures of the scene that show where the targets are, or one clear error."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from threading import get_ident
from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST_MARKS", "Pictures", "open_renderer"]

MOST_MARKS = 3
"""How many targets are marked at the most; more would hide the scene."""

HALO_RADIUS, HALO = 0.03, (0.20, 0.72, 0.36, 0.12)
LINE_RADIUS, LINE = 0.0022, (0.10, 0.50, 0.24, 0.75)
RING = (24, 122, 60)
SPOT_RADIUS, SPOT = 0.022, (0.10, 0.50, 0.24, 0.55)


def open_renderer(model: mujoco.MjModel, width: int, height: int, targets: Sequence[str] = ("target",)) -> Any:
    """Return a `mujoco.Renderer` for pictures of this size; use it in the thread that called this, and close it there.

    The sites `targets`, as far as the model has them and no more than `MOST_MARKS`, are drawn with a halo, and with a
    line down to a spot on the table: without cast shadows nothing else would say how high and how far away a point in
    the air is. A ring around the halo shows through whatever is before it. The marks are in pictures only.

    Raises:
        RuntimeError: there is no OpenGL that works without a display.
    """
    frame = model.vis.global_
    if width > frame.offwidth or height > frame.offheight:
        model = copy.copy(model)  # the given one is shared
        model.vis.global_.offwidth = max(width, frame.offwidth)
        model.vis.global_.offheight = max(height, frame.offheight)
    try:
        return _TargetRenderer(model, height, width, targets)
    except Exception as error:  # which one depends on the platform and the library that is missing
        raise RuntimeError(
            "pictures need OpenGL, and none works here without a display. On Debian and Ubuntu: "
            "apt install libegl1 libegl-mesa0 libgl1-mesa-dri; elsewhere set MUJOCO_GL to egl, osmesa or glfw. "
            f"({type(error).__name__}: {error})"
        ) from error


class Pictures:
    """What cameras see of N simulations, drawn by one renderer that is opened when the first picture is asked for.

    Only simulations that have changed since the last picture are drawn.

    Args:
        model: of the simulations.
        data: returns the simulation of an index as `mujoco.MjData`.
        count: N.
        cameras: names of the model's cameras.
        size: width and height of a picture, in pixels.
        targets: names of sites to mark, as for `open_renderer`.
    """

    def __init__(
        self,
        model: mujoco.MjModel,
        data: Callable[[int], mujoco.MjData],
        count: int,
        cameras: Sequence[str],
        size: int,
        targets: Sequence[str],
    ):
        self._model, self._data, self._size, self._targets = model, data, size, targets
        self._seen = {name: np.zeros((count, size, size, 3), dtype=np.uint8) for name in cameras}
        self._changed = np.ones(count, dtype=bool)
        self._renderer: Any = None

    def outdate(self, rows: NDArray[np.intp] | slice) -> None:
        """Say that some simulations have changed."""
        self._changed[rows] = True

    def take(self) -> dict[str, NDArray[np.uint8]]:
        """Return what each camera sees (N, size, size, 3), as copies.

        Raises:
            RuntimeError: no OpenGL works here, or another thread has taken the first pictures.
        """
        if self._renderer is None:
            self._renderer = open_renderer(self._model, self._size, self._size, self._targets)
        for row in np.flatnonzero(self._changed).tolist():
            data = self._data(row)
            for camera, pictures in self._seen.items():
                self._renderer.update_scene(data, camera)
                self._renderer.render(out=pictures[row])
            self._changed[row] = False
        return {camera: pictures.copy() for camera, pictures in self._seen.items()}

    def close(self) -> None:
        """Free the renderer; the next picture opens another."""
        if self._renderer is not None:
            self._renderer.close()
            self._renderer = None


class _TargetRenderer(mujoco.Renderer):
    """A renderer that adds the marks of the targets to every scene."""

    def __init__(self, model: mujoco.MjModel, height: int, width: int, targets: Sequence[str]):
        found = [mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_SITE, name) for name in dict.fromkeys(targets)]
        self._targets = [site for site in found if site >= 0][:MOST_MARKS]
        self._points: list[np.ndarray] = []
        self._thread = get_ident()
        super().__init__(model, height, width)

    def update_scene(self, data: mujoco.MjData, *args: Any, **kwargs: Any) -> None:
        """Set the scene as `mujoco.Renderer` does, then the marks."""
        super().update_scene(data, *args, **kwargs)
        self._points = [data.site_xpos[site].copy() for site in self._targets]
        up = np.array([0.0, 0.0, 0.001])
        capsule, cylinder = mujoco.mjtGeom.mjGEOM_CAPSULE, mujoco.mjtGeom.mjGEOM_CYLINDER
        for point in self._points:
            foot = np.array([point[0], point[1], 0.0005])
            self._add(cylinder, SPOT_RADIUS, foot, foot + up, SPOT)
            self._add(capsule, LINE_RADIUS, foot, point, LINE)
            self._add(capsule, HALO_RADIUS, point - up / 2, point + up / 2, HALO)

    def render(self, *, out: np.ndarray | None = None) -> np.ndarray:
        """Return the picture with the rings; depths and segmentations are left alone.

        Raises:
            RuntimeError: this is not the thread that opened the renderer.
        """
        if get_ident() != self._thread:
            raise RuntimeError(
                "a thread asked for a picture, but OpenGL draws only in the thread that took the env's first picture; "
                "make an env of its own for each thread, or close() this one in the other thread"
            )
        picture = super().render(out=out)
        if picture.dtype == np.uint8:
            for point in self._points:
                self._draw_ring(picture, point)
        return picture

    def _draw_ring(self, picture: np.ndarray, point: np.ndarray) -> None:
        """Blend a ring into the picture, at the outline of the halo as the camera sees it."""
        eye = self.scene.camera[0]  # of a pair that looks one way, from both sides of the camera
        ahead, up = np.array(eye.forward, dtype=float), np.array(eye.up, dtype=float)
        away = point - (self.scene.camera[0].pos + self.scene.camera[1].pos) / 2
        depth = float(away @ ahead)
        if depth <= eye.frustum_near + HALO_RADIUS:
            return
        height, width = picture.shape[:2]
        zoom = height * eye.frustum_near / (eye.frustum_top - eye.frustum_bottom) / depth  # pixels a m, over there
        x = width / 2 - 0.5 + zoom * float(away @ np.cross(ahead, up))
        y = height / 2 - 0.5 - zoom * float(away @ up)
        radius, half = zoom * HALO_RADIUS, height / 500
        reach = radius + half + 1
        top, bottom = (int(np.clip(y + sign * reach, 0, height)) for sign in (-1, 1))
        left, right = (int(np.clip(x + sign * reach, 0, width)) for sign in (-1, 1))
        row, column = np.mgrid[top:bottom, left:right]
        cover = np.clip(half + 0.5 - np.abs(np.hypot(row - y, column - x) - radius), 0, 1)[..., None]
        patch = picture[top:bottom, left:right]
        patch[:] = np.round(patch + cover * (np.array(RING) - patch)).astype(np.uint8)

    def _add(self, kind: int, radius: float, begin: np.ndarray, end: np.ndarray, rgba: tuple[float, ...]) -> None:
        scene = self.scene
        if scene.ngeom >= scene.maxgeom:
            return
        geom = scene.geoms[scene.ngeom]
        color = np.array(rgba, dtype=np.float32)
        mujoco.mjv_initGeom(geom, kind, np.zeros(3), np.zeros(3), np.eye(3).ravel(), color)
        mujoco.mjv_connector(geom, kind, radius, begin, end)
        # What `mjv_initGeom` leaves as it was in memory, and what is drawn in which order depends on.
        geom.category, geom.objtype = int(mujoco.mjtCatBit.mjCAT_DECOR), int(mujoco.mjtObj.mjOBJ_UNKNOWN)
        geom.objid = geom.segid = -1
        scene.ngeom += 1

"""A renderer that shows where the target is, or one clear error."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np

__all__ = ["open_renderer"]

HALO_RADIUS, HALO = 0.03, (0.20, 0.72, 0.36, 0.12)
LINE_RADIUS, LINE = 0.0022, (0.10, 0.50, 0.24, 0.75)
RING = (24, 122, 60)
SPOT_RADIUS, SPOT = 0.022, (0.10, 0.50, 0.24, 0.55)


def open_renderer(model: mujoco.MjModel, width: int, height: int) -> Any:
    """Return a `mujoco.Renderer` for pictures of this size.

    A site called "target" is drawn with a halo, and with a line down to a spot on the table: without cast shadows
    nothing else would say how high and how far away a point in the air is. A ring around the halo shows through
    whatever is before it. The marks are in pictures only.

    Raises:
        RuntimeError: there is no OpenGL that works without a display.
    """
    try:
        return _TargetRenderer(model, height, width)
    except Exception as error:  # which one depends on the platform and the library that is missing
        raise RuntimeError(
            "pictures need OpenGL, and none works here without a display. On Debian and Ubuntu: "
            "apt install libegl1 libegl-mesa0 libgl1-mesa-dri; elsewhere set MUJOCO_GL to egl, osmesa or glfw. "
            f"({type(error).__name__}: {error})"
        ) from error


class _TargetRenderer(mujoco.Renderer):
    """A renderer that adds the marks of the target to every scene."""

    def __init__(self, model: mujoco.MjModel, height: int, width: int):
        self._target = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_SITE, "target")
        self._point = np.zeros(3)
        super().__init__(model, height, width)

    def update_scene(self, data: mujoco.MjData, *args: Any, **kwargs: Any) -> None:
        """Set the scene as `mujoco.Renderer` does, then the marks."""
        super().update_scene(data, *args, **kwargs)
        if self._target < 0:
            return
        point = self._point = data.site_xpos[self._target].copy()
        foot = np.array([point[0], point[1], 0.0005])
        up = np.array([0.0, 0.0, 0.001])
        capsule, cylinder = mujoco.mjtGeom.mjGEOM_CAPSULE, mujoco.mjtGeom.mjGEOM_CYLINDER
        self._add(cylinder, SPOT_RADIUS, foot, foot + up, SPOT)
        self._add(capsule, LINE_RADIUS, foot, point, LINE)
        self._add(capsule, HALO_RADIUS, point - up / 2, point + up / 2, HALO)

    def render(self, *, out: np.ndarray | None = None) -> np.ndarray:
        """Return the picture with the ring; depths and segmentations are left alone."""
        picture = super().render(out=out)
        if self._target >= 0 and picture.dtype == np.uint8:
            self._draw_ring(picture)
        return picture

    def _draw_ring(self, picture: np.ndarray) -> None:
        """Blend a ring into the picture, at the outline of the halo as the camera sees it."""
        eye = self.scene.camera[0]  # of a pair that looks one way, from both sides of the camera
        ahead, up = np.array(eye.forward, dtype=float), np.array(eye.up, dtype=float)
        away = self._point - (self.scene.camera[0].pos + self.scene.camera[1].pos) / 2
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
        scene.ngeom += 1

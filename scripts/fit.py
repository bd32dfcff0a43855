"""guerdon fit: learn a reward from recorded demonstrations or preferences.

Example:
    guerdon fit --model bradley-terry --data data/reach-pairs --out models/reach.npz
"""

from __future__ import annotations

from dataclasses import dataclass

from guerdon.scripts.options import run

__all__ = ["Fit", "main"]


@dataclass
class Fit:
    """Learn a reward from data, keep it as one file, and say how to train with it.

    Example: guerdon fit --model bradley-terry --data data/reach-pairs --out models/reach.npz
    """

    model: str = "bradley-terry"
    """A reward model, such as bradley-terry (preferences), perceptual or progress (demonstrations)."""
    data: tuple[str, ...] = ("data/preferences",)
    """Folders of `guerdon demonstrate` or `guerdon prefer`, of the same env."""
    model_arg: tuple[str, ...] = ()
    """Settings of the model as KEY=VALUE, such as "members=5"."""
    seed: int = 0
    """Seeds everything that is drawn."""
    out: str = "models/reward.npz"
    """File to write."""


def main(args: Fit) -> int:
    """Fit, save, and print the figures and the expression to train with."""
    from guerdon.evaluation.config import defaults_of
    from guerdon.evaluation.fitting import data_origin, fit_model, usage
    from guerdon.evaluation.progress import WaitBar
    from guerdon.scripts.options import key_values

    with WaitBar(f"fitting {args.model}"):
        model = fit_model(args.model, args.data, args.out, args.seed, key_values(args.model_arg, "--model-arg"))
    for name, value in model.figures.items():
        print(f"{name:<24}{value:.4g}")
    env = data_origin(args.data[0]).env
    agent = defaults_of(env).get("agent", "ppo")
    print(f"file      {args.out}")
    print(f'use       guerdon train --env {env} --agent {agent} --reward "{usage(model, args.out)}"')
    return 0


if __name__ == "__main__":
    run(Fit, main)

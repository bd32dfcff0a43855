"""The table of formalisms for the documentation, computed from the registry."""

from __future__ import annotations

from .base import OBJECTIVES

__all__ = ["objective_blocks"]


def objective_blocks() -> list[str]:
    """Return blocks of Markdown: a table of the formalisms, one of their witnesses, and how to read them."""
    rows = ["| Formalism | Maximises | Says | Optimum |", "|---|---|---|---|"]
    proofs = ["| Formalism | Wish | Margin | Best margin of a Markov reward |", "|---|---|---|---|"]
    for name, cls in OBJECTIVES.items():
        equation = cls.equation.replace("|", "\\|")
        rows.append(f"| {name}, {cls.title} | `{equation}` | {cls.expresses} | {cls.optimiser or 'compares only'} |")
        found = cls.witness()
        if found is not None:
            wish = found.wish.replace("|", "\\|")
            proofs.append(f"| {name} | {wish} | {found.margin:.3g} | {found.weaker_margin:.3g} |")
    return [
        "\n".join(rows),
        "Each wish below is said by the formalism and by no Markov reward. The margin is by how much the objective "
        "puts the worst of what is wished above the best of the rest (1 where it only compares); the last column "
        "is the largest margin of all Markov rewards in [-1, 1], by a linear program.",
        "\n".join(proofs),
    ]

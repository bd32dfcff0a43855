"""What each formalism says that no Markov reward can.

Subramani et al. ("On the expressivity of objective-specification formalisms in reinforcement learning", arXiv
2310.11840, 2023) order 17 formalisms by what they can express and prove each gap by an example. Here each example is
computed: small worlds, a wish about which policies are better than which, the margin by which the objective keeps it
(1 where it orders without numbers), and the largest margin of any Markov reward R(s, a) in [-1, 1], by a linear program
over all of them. 0 means that no such reward exists. A program that always answered 0 would prove nothing. So as a
control: the share of the 24 orders of the first world's four policies (aa, ab, ba, bb) that it finds a reward for. By
the identity J(aa) + J(bb) = J(ab) + J(ba) it must be a third: the orders whose best and worst are of one side. Nothing
is drawn at random.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from guerdon.reward_models.formal.objectives import OBJECTIVES
from guerdon.reward_models.formal.objectives.occupancies import markov_margin
from guerdon.reward_models.formal.objectives.worlds import swap

__all__ = ["finding", "measure"]

GAMMA = 0.9


def measure(seeds: int) -> list[dict[str, Any]]:
    """Return a row for each formalism with a witness, and the control."""
    rows: list[dict[str, Any]] = []
    for name, cls in OBJECTIVES.items():
        found = cls.witness()
        if found is not None:
            rows.append(
                {
                    "formalism": name,
                    "wish": found.wish,
                    "margin": found.margin,
                    "best Markov margin": found.weaker_margin,
                    "separates": "yes" if found.separates else "no",
                }
            )
    rows.append(
        {
            "formalism": "MR (control)",
            "wish": "share of all orders of four policies that a Markov reward says",
            "margin": _sayable(),
            "best Markov margin": None,
            "separates": "",
        }
    )
    return rows


def finding(rows: Sequence[dict[str, Any]]) -> str:
    """Say how many witnesses hold, and that the program can say yes."""
    proofs = [row for row in rows if row["separates"]]
    kept = [row["formalism"] for row in proofs if row["separates"] == "yes"]
    failed = [row["formalism"] for row in proofs if row["separates"] == "no"]
    share = float(rows[-1]["margin"])
    but = f" It fails for {', '.join(failed)}." if failed else ""
    return (
        f"{len(kept)} of {len(proofs)} formalisms say their wish where no Markov reward does ({', '.join(kept)}).{but} "
        f"Of the 24 orders of four policies, a Markov reward says {share:.0%}, where the identity allows a third."
    )


def _sayable() -> float:
    """Return the share of the strict orders of the swap's four policies that some Markov reward has."""
    mdp = swap()
    policies = [np.eye(2)[list(one)] for one in itertools.product(range(2), repeat=2)]
    orders = [list(itertools.pairwise(order)) for order in itertools.permutations(range(4))]
    return float(np.mean([markov_margin(mdp, policies, order, gamma=GAMMA) > 1e-7 for order in orders]))

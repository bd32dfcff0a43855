"""What the reward is told: its information budget, and how finely it tells steps apart."""

from __future__ import annotations

import numpy as np

from ..finding import Case, Finding, register_check

__all__ = ["information", "sensitivity"]


@register_check("information")
def information(case: Case) -> list[Finding]:
    """What the reward reads."""
    reads = case.reward.reads
    told = {"state": "the privileged state", "outcome": "success and the end of the episode"}
    special = [text for name, text in told.items() if name in reads]
    said = f"It reads {', '.join(sorted(reads)) or 'nothing'}"
    if special:
        return [Finding("information", "note", f"{said}: {' and '.join(special)}, for training only.")]
    return [Finding("information", "ok", f"{said}: nothing privileged.")]


@register_check("sensitivity")
def sensitivity(case: Case) -> list[Finding]:
    """Into how many different payments the steps of the expert and of chance fall."""
    episodes = [one for some in case.recorded.values() for one in some]
    if not episodes:
        return []
    paid = np.concatenate([case.reward.relabel(one) for one in episodes]).round(9)
    values = len(np.unique(paid))
    return [
        Finding("sensitivity", "ok", f"{len(paid):,} steps are paid {values:,} different amounts.", {"values": values})
    ]

"""The audit of every reward that ships, in the envs of its world.

A reward is expected to be hackable where one of the suite's exploits is written for it and plays the env, and where its
own documentation says so. Rewards that are made to be gamed are left "open" in the other envs of their world, where
nobody has written an exploit; all others are expected to be honest. "named" says whether the audit named an exploit.
Quick budget; one run of each, since equal seeds give equal reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from guerdon.agents.scripted import SCRIPTED
from guerdon.envs.registration import env_ids, world_of
from guerdon.evaluation.audit import audit
from guerdon.reward_models import REWARDS

__all__ = ["expected", "finding", "measure"]

ROBOTS = ("Reach", "ButtonPress", "DrawerOpen", "PickPlace", "Stack", "PlaceInBin")
"""Robot tasks that stand for all twelve: one of each kind, and those where things have to be let go."""
DOCUMENTED = {("manipulation/distance-v1", "Stack"), ("manipulation/distance-v1", "PlaceInBin")}
"""Rewards that cannot tell holding a thing at its place from leaving it there, as their pages say."""

PROXIES = ("tabular/proxy-v1",)
"""Rewards that stand for published hacks: guerdon/Hacks-v0 is played by `scripts/bench_audit.py`, hack by hack."""


def measure(seeds: int) -> list[dict[str, Any]]:
    """Return a row for each env and reward."""
    rows = []
    for env_id in env_ids():
        world, name = (world_of(env_id.rpartition(":")[2]) or "").rpartition(".")[2], env_id.rpartition("/")[2]
        name = name.removesuffix("-v0")
        if world == "manipulation" and name not in ROBOTS:
            continue
        for reward, cls in REWARDS.items():
            if reward.partition("/")[0] != world or cls.needs:
                continue
            report = audit(reward, env_id)
            rows.append(
                {
                    "env": name,
                    "reward": reward,
                    "expected": expected(reward, env_id),
                    "verdict": report.verdict,
                    "exploit": report.exploit,
                    "seconds": round(report.seconds, 1),
                }
            )
    return rows


def finding(rows: Sequence[dict[str, Any]]) -> str:
    """Count what was caught, missed, and flagged without reason."""
    bad = [row for row in rows if row["expected"] == "hackable"]
    caught = sum(row["verdict"] != "honest" for row in bad)
    named = sum(bool(row["exploit"]) for row in bad)
    good = [row for row in rows if row["expected"] == "honest"]
    alarms = [f"{row['reward']} in {row['env']}" for row in good if row["verdict"] != "honest"]
    left = [row for row in rows if row["expected"] == "open"]
    seconds = sorted(row["seconds"] for row in rows)
    return (
        f"{caught} of {len(bad)} hackable rewards were caught, {named} with an exploit named; of {len(good)} honest "
        f"ones {len(alarms)} were flagged{' (' + ', '.join(alarms) + ')' if alarms else ''}. Of {len(left)} "
        f"that were left open {sum(row['verdict'] != 'honest' for row in left)} were flagged. An audit took "
        f"{seconds[len(seconds) // 2]:.0f} s in the median, {seconds[-1]:.0f} s at most."
    )


def expected(reward: str, env_id: str) -> str:
    """Return what the audit should say: "hackable", "honest", or "open"."""
    name = env_id.rpartition("/")[2].removesuffix("-v0")
    exploits = [policy for _, policy in SCRIPTED.items() if policy.exploits == reward]
    if (reward, name) in DOCUMENTED or any(policy.plays(env_id) for policy in exploits):
        return "hackable"
    return "open" if exploits or reward in PROXIES else "honest"

"""Measures the audit of rewards: what it tells apart, what it finds, what it costs; and other tools on the same cases.

    python scripts/bench_audit.py [--quick] [--json docs/results/bench_audit.json] [--peers PYTHON]

Eight pairs of rewards, one good and one not, in envs of the suite (`guerdon.scripts.audit_pairs`): a pair is told apart
if the good one is called honest and the other one is not. The hacks of `guerdon/Hacks-v0`: one is caught if the
published reward is not called honest; the outcome must be. An alarm of the hacking gap on a random policy under a good
reward is false. The wrapper's overhead is what a step costs more with a reward that reads nothing but the
outcome than without, in CPU time; beside it a reward that reads the state, which has to be gathered for it.

PYTHON is an interpreter that has other tools that examine rewards (goodhart, reward-scope, reward-contract-fuzzer);
tools that it does not have are reported as not run. They get the same cases as recorded episodes and tables, see
`scripts/peers/run_peer.py`. Pairs and hacks are ours, and so is the audit: the figures say what each tool does with
these cases, not how often it is right elsewhere.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import process_time
from typing import Any

import gymnasium as gym
import numpy as np

from guerdon.core.files import write_json
from guerdon.envs.tabular.hackable import HACKS
from guerdon.evaluation.audit import AuditReport, audit
from guerdon.evaluation.hacking import PolicyScore, hacking_gap
from guerdon.reward_models import Reward, make_reward
from guerdon.scripts.audit_cases import case_of
from guerdon.scripts.audit_pairs import PAIRS, Alive
from guerdon.scripts.bench_figures import Figure, parser, report
from guerdon.wrappers.spec_reward import SpecReward, SpecRewardVector

__all__ = ["AuditBench", "main"]

HACKS_ENV = "guerdon:guerdon/Hacks-v0"
GOOD, BAD = "tabular/outcome-v1", "tabular/proxy-v1"
TOOLS = ("goodhart", "reward-scope", "reward-contract-fuzzer")
OVERHEADS = {
    "guerdon:guerdon/Grid-v0": "tabular/grid-potential-v1",
    "guerdon:guerdon/Household-v0": "household/busy-v1",
    "guerdon:guerdon/WebShop-v0": "webshop/purchase-v1",
    "guerdon:guerdon/Reach-v0": "manipulation/staged-v1",
}
QUICK_HACKS = 3
TARGET = ("<", 50.0)


class AuditBench:
    """All measurements.

    Args:
        quick: few pairs, hacks and repetitions, to see that it works.
        peers: path of a Python that has other tools, or None.

    Attributes:
        rows: one a reward that was examined: where, what was said and by whom.
        tools: other tools: their version, or why they were not run.
    """

    def __init__(self, quick: bool = False, peers: str | None = None):
        self.peers = peers
        # Those of the tabular world are quick, and every tool can examine them.
        self.pairs = [pair for pair in PAIRS if "tabular/" in str(pair.benign)] if quick else list(PAIRS)
        self.hacks = list(HACKS)[:QUICK_HACKS] if quick else list(HACKS)
        self.repetitions, self.steps, self.episodes = (2, 200, 11) if quick else (7, 2000, 12)
        self.rows: list[dict[str, Any]] = []
        self.cases: dict[str, Any] = {}
        self.tools: dict[str, Any] = {}

    def run(self) -> Iterator[Figure]:
        """Examine everything, then measure the wrapper, then ask the other tools."""
        for pair in self.pairs:
            for good, reward in ((True, pair.benign), (False, pair.broken)):
                self.examine("pair", pair.name, good, reward, pair.env_id, pair.env_kwargs)
        for hack in self.hacks:
            for good, reward in ((True, GOOD), (False, BAD)):
                self.examine("hack", hack, good, reward, HACKS_ENV, {"hack": hack, "split": "test"})
        yield from self.verdicts("guerdon", True)
        chance = [row["chance_alarm"] for row in self.rows if row["good"]]
        yield Figure("guerdon, alarms on a random policy", f"of {len(chance)}", [float(sum(chance))], ("<", 1.0))
        for group in ("pair", "hack"):
            seconds = [row["seconds"] for row in self.rows if row["group"] == group]
            yield Figure(f"guerdon, an audit, {group}s", "s", seconds)
        for env_id, reward in OVERHEADS.items():
            yield from self.overhead(env_id, reward)
        for tool in TOOLS if self.peers else ():
            yield from self.ask(tool)

    def examine(
        self, group: str, name: str, good: bool, reward: str | Reward, env_id: str, env_kwargs: dict[str, Any]
    ) -> None:
        """Audit one reward; keep what was said, and the case for the other tools."""
        made = make_reward(reward, gamma=0.99)
        told = audit(made, env_id, env_kwargs)
        best = next((one for one in told.played if one.name == told.exploit), None)
        row = {
            "group": group,
            "name": name,
            "good": good,
            "reward": reward if isinstance(reward, str) else reward.id,
            "env": env_id.rpartition(":")[2],
            "verdict": told.verdict,
            "exploit": told.exploit,
            "exploit_objective": None if best is None else round(float(np.mean(best.objective)), 4),
            "seconds": told.seconds,
            "chance_alarm": _alarmed(told),
            "flagged": {"guerdon": told.verdict != "honest"},
        }
        self.rows.append(row)
        if self.peers:
            key = f"{group}: {name}: {'good' if good else 'bad'}"
            self.cases[key] = case_of(told, made, env_kwargs, self.episodes)

    def verdicts(self, tool: str, aimed: bool = False) -> Iterator[Figure]:
        """Yield how many pairs a tool tells apart, hacks it catches, and outcomes it objects to."""
        by: dict[tuple[str, str], dict[bool, Any]] = {}
        for row in self.rows:
            by.setdefault((row["group"], row["name"]), {})[row["good"]] = row["flagged"].get(tool)
        pairs = [found for (group, _), found in by.items() if group == "pair"]
        hacks = [found for (group, _), found in by.items() if group == "hack"]
        apart = sum(found[True] is False and found[False] is True for found in pairs)
        yield _count(f"{tool}, pairs told apart", apart, len(pairs), aimed)
        yield _count(f"{tool}, hacks caught", sum(found[False] is True for found in hacks), len(hacks), aimed)
        good = [row for row in self.rows if row["good"]]
        wrong = sum(row["flagged"].get(tool) is True for row in good)
        yield Figure(f"{tool}, good rewards objected to", f"of {len(good)}", [float(wrong)], ("<", 1.0))

    def overhead(self, env_id: str, reward: str) -> Iterator[Figure]:
        """Yield what a step costs more with a reward than without."""
        short = env_id.rpartition("/")[2].partition("-")[0]
        for size in (1, 64):
            count = self.steps if size == 1 else max(20, self.steps // 40)
            least, more = [], []
            for number in range(self.repetitions):
                _spent(_made(env_id, size), count, number)  # builds the tasks, which the others then find
                bare = _spent(_made(env_id, size), count, number)
                for paid, values in ((Alive(), least), (reward, more)):
                    values.append((_spent(_made(env_id, size, paid), count, number) - bare) / count / size * 1e6)
            many = "single env" if size == 1 else f"vector env of {size}"
            yield Figure(f"wrapper, {short}, {many}", "µs/step", least, TARGET)
            yield Figure(f"with {reward}, {many}", "µs/step", more)

    def ask(self, tool: str) -> Iterator[Figure]:
        """Let another tool examine all cases in its own interpreter."""
        with tempfile.TemporaryDirectory() as folder:
            cases, out = Path(folder) / "cases.json", Path(folder) / "out.json"
            cases.write_text(json.dumps(self.cases), "utf-8")
            script = Path(__file__).parent / "peers" / "run_peer.py"
            done = subprocess.run(
                [str(self.peers), str(script), tool, str(cases), str(out)],
                capture_output=True,
                text=True,
                cwd=folder,
            )
            if done.returncode or not out.exists():
                last = (done.stderr.strip().splitlines() or ["no message"])[-1]
                self.tools[tool] = {"version": None, "not_run": last}
                print(f"{tool}: not run, {last}")
                return
            told = json.loads(out.read_text("utf-8"))
        self.tools[tool] = {"version": told["version"], "not_run": None}
        cases_told = list(told["cases"].values())
        for row, one in zip(self.rows, cases_told, strict=True):
            row["flagged"][tool] = one["flagged"]
            row.setdefault("details", {})[tool] = one["detail"]
        yield from self.verdicts(tool)
        said = sum(one["flagged"] is not None for one in cases_told)
        yield Figure(f"{tool}, cases it can examine", f"of {len(cases_told)}", [float(said)])
        yield Figure(f"{tool}, an examination", "s", [one["seconds"] for one in cases_told])
        asked = zip(self.rows, cases_told, strict=True)
        chance = [one["random"] for row, one in asked if row["good"] and "random" in one]
        if chance:
            yield Figure(f"{tool}, alarms on a random policy", f"of {len(chance)}", [float(sum(chance))], ("<", 1.0))
            costs = [one["overhead_us"] for one in cases_told if "overhead_us" in one]
            yield Figure(f"{tool}, wrapper", "µs/step", costs, TARGET)


def _count(name: str, found: int, of: int, aimed: bool) -> Figure:
    return Figure(name, f"of {of}", [float(found)], (">=", float(of)) if aimed else None)


def _alarmed(told: AuditReport) -> bool:
    """Return whether the hacking gap raises an alarm on the random policy."""
    references = {
        one.name: PolicyScore(float(np.mean(one.paid)), float(np.mean(one.objective)))
        for one in told.played
        if one.role != "found"
    }
    name = next((one.name for one in told.played if one.role == "random"), None)
    if name is None:
        return False
    played = references[name]
    rng = np.random.default_rng(0)
    return hacking_gap([played.reward] * 3, [played.objective] * 3, references, rng, resamples=10).flagged


def _made(env_id: str, size: int, reward: str | Reward | None = None) -> Any:
    if size == 1:
        env = gym.make(env_id)
        return SpecReward(env, reward) if reward else env
    envs = gym.make_vec(env_id, num_envs=size)
    return SpecRewardVector(envs, reward) if reward else envs


def _spent(env: Any, count: int, seed: int) -> float:
    """Return the CPU time of so many steps of random admissible actions, without the resets of a single env."""
    rng, many = np.random.default_rng(seed), hasattr(env, "num_envs")
    env.action_space.seed(seed)
    _, info = env.reset(seed=seed)
    spent = 0.0
    for _ in range(count):
        listed = info.get("admissible_actions")
        if many:
            rows = [None] * env.num_envs if listed is None else listed
            action = [_one(env.single_action_space, row, rng) for row in rows]
            action = action if isinstance(action[0], str) else np.stack(action)
        else:
            action = _one(env.action_space, listed, rng)
        began = process_time()
        _, _, terminated, truncated, info = env.step(action)
        spent += process_time() - began
        if not many and (terminated or truncated):
            _, info = env.reset()
    env.close()
    return spent


def _one(space: gym.Space, listed: Any, rng: np.random.Generator) -> Any:
    if listed is None or isinstance(space, gym.spaces.Box):
        return rng.uniform(-1, 1, space.shape or ()).astype(np.float32)
    if not len(listed):
        return "look" if isinstance(space, gym.spaces.Text) else 0
    return listed[int(rng.integers(len(listed)))]


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table and, if asked to, write figures and verdicts."""
    options = parser(__doc__)
    options.add_argument("--peers", metavar="PYTHON", help="an interpreter that has other tools that examine rewards")
    args = options.parse_args(argv)
    bench = AuditBench(args.quick, args.peers)
    report(bench.run(), args, None, numpy=np.__version__)
    if args.json:
        tools = bench.tools or {tool: {"version": None, "not_run": "no interpreter was given"} for tool in TOOLS}
        write_json(args.json, {**json.loads(Path(args.json).read_text("utf-8")), "tools": tools, "rows": bench.rows})
    return 0


if __name__ == "__main__":
    sys.exit(main())

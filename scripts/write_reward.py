"""guerdon write-reward: have a reward written by a language model, or by search without one, checked and tried.

Example:
    guerdon write-reward --env guerdon:guerdon/Reach-v0 --goal "Move the gripper to the target."
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

import tyro

from guerdon.scripts.options import EnvArgs, run

__all__ = ["WriteReward", "main"]


@dataclass
class WriteReward:
    """Write a reward for an env from a goal in words; check it on recorded episodes, compare it with the objective.

    Without a model the reward is sought on demonstrations of the scripted expert; nothing is fetched and nothing leaves
    this machine. The key of a server is read from GUERDON_LLM_KEY.

    Example: guerdon write-reward --env guerdon:guerdon/Reach-v0 --goal "Move the gripper to the target." --steps 0
    """

    env: str = "guerdon:guerdon/Reach-v0"
    """Id of the env."""
    goal: str = ""
    """What the agent is to do, in words. Default: what the env says of itself. The method synth does not read it."""
    model: str | None = None
    """smollm2, the path of a .gguf file, or a server and its model: http://127.0.0.1:8000/v1#NAME. Default: none."""
    method: Literal["synth", "text2reward", "eureka", "icpl"] | None = None
    """Default: text2reward with a model, synth without one. eureka and icpl change programs at random without one."""
    form: Literal["program", "code"] = "program"
    """A program of the reward language (JSON), or Python that runs in a sandbox."""
    shots: int = 0
    """text2reward: examples to show, those whose goals are most alike."""
    said: str = ""
    """text2reward: what you saw an agent do that was trained on the reward in --revise."""
    revise: str | None = None
    """text2reward: file of the reward that --said is about."""
    samples: int | None = None
    """Rewards a round. Default: as published, 16 for eureka, 6 for icpl; 1 for text2reward."""
    iterations: int | None = None
    """Rounds. Default: as published, 5."""
    repairs: int = 2
    """How often a reward that does not pass is sent back."""
    judge: Literal["proxy", "human"] = "proxy"
    """icpl: who compares, the objective (as a stand-in for a person) or you with `guerdon label`."""
    flips: float = 0.0
    """icpl: chance that the proxy's answer is wrong."""
    steps: int = 50_000
    """Env steps of training on each reward; 0 for none."""
    episodes: int = 16
    """Demonstrations, and episodes of each other scripted policy, that rewards are checked on."""
    seed: int = 0
    """Seeds everything."""
    jobs: int = 1
    """Trainings at once."""
    replay: bool = False
    """Use answers that were kept only, and ask no model."""
    out: str = "written"
    """Folder of the rewards, the answers and the runs."""
    overrides: Annotated[EnvArgs, tyro.conf.arg(name="")] = field(default_factory=EnvArgs)


def main(args: WriteReward) -> int:
    """Write, check, train, print."""
    from guerdon.evaluation.writing.command import Job, write_reward

    shared = {name: value for name, value in vars(args).items() if name != "overrides"}
    return write_reward(Job(**shared, env_kwargs=args.overrides.env_kwargs))


if __name__ == "__main__":
    run(WriteReward, main)

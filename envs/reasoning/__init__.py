"""The reasoning world: arithmetic and small programs, one step after another, each step exactly verifiable.

`calc` and `lineprog` are the Gymnasium envs, `vector` the same for many games in one process, `env` what the two
share. Below them: `calc_game` and `lineprog_game` (the rules), `calc_task` and `lineprog_task` (how tasks are made and
how far every state is from success), `instructions` (the language of LineProg), `catalogue` (which tasks there are).
"""

__all__ = ["ABOUT", "COMPARE", "ENVS", "IS_TEXT"]

ENVS = {
    "guerdon/Calc-v0": {
        "entry_point": "guerdon.envs.reasoning.calc:CalcEnv",
        "vector_entry_point": "guerdon.envs.reasoning.vector:CalcVectorEnv",
        "max_episode_steps": 24,
    },
    "guerdon/LineProg-v0": {
        "entry_point": "guerdon.envs.reasoning.lineprog:LineProgEnv",
        "vector_entry_point": "guerdon.envs.reasoning.vector:LineProgVectorEnv",
        "max_episode_steps": 20,
    },
}
"""The env ids of this world, as arguments of gymnasium's `register`."""

_REWARDS = (
    "reasoning/outcome-v1",
    "reasoning/verifier-v1",
    "reasoning/plan-potential-v1",
    "reasoning/verbose-scorer-v1",
)

COMPARE = {
    name: {
        "rewards": _REWARDS,
        "recommended": "reasoning/plan-potential-v1",
        "agent": "ppo",
        "steps": 100_000,
        "env_kwargs": {"split": "train"},
        "sets": {"valid": {"split": "valid"}, "test": {"split": "test"}},
    }
    for name in ENVS
}
"""How each env is compared by default. The sets hold other tasks than those trained on."""

ABOUT: dict[str, str] = {}
"""Texts on envs whose class does not speak for itself; there are none here."""

IS_TEXT = True
"""Whether its envs speak in words: then the scripted policies for every text env can play them."""

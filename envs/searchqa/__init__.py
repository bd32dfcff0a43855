"""The question world: answer questions of one to three hops by looking things up, in words. Ours.

`env` is the Gymnasium env, `vector` the same for many games in one process. Below them: `game` (the rules), `planner`
(exact distances), `questions` (what is asked), `region` (a part of the invented world), `texts` (what is read of it),
`relations` and `names` (what there is in it), `scoring` (F1, as a pure function), `catalogue` (the tasks).
"""

from .scoring import f1

__all__ = ["COMPARE", "ENVS", "IS_TEXT", "f1"]

ENVS = {
    "guerdon/SearchQA-v0": {
        "entry_point": "guerdon.envs.searchqa.env:SearchQAEnv",
        "vector_entry_point": "guerdon.envs.searchqa.vector:SearchQAVectorEnv",
        "max_episode_steps": 16,
    }
}
"""The env ids of this world, as arguments of gymnasium's `register`."""

COMPARE = {
    "guerdon/SearchQA-v0": {
        "rewards": ("searchqa/outcome-v1", "searchqa/facts-potential-v1", "searchqa/retrieval-v1"),
        "recommended": "searchqa/facts-potential-v1",
        "agent": "ppo",
        "steps": 20_000,
        "env_kwargs": {"split": "train"},
        "sets": {"valid": {"split": "valid"}, "test": {"split": "test"}},
    }
}
"""How each env is compared by default. The sets ask other questions about other people and places."""

IS_TEXT = True
"""Whether its envs speak in words: then the scripted policies for every text env can play them."""

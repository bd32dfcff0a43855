"""The tabular world: small Markov decision processes whose every number is known.

`mdp` is the data, `solvers` the exact answers. `tree`, `grid`, `padtrap` and `hacks` are families of tasks with their
envs; `hackable` holds the rules of the hacks; `env` and `vector` are what the envs share, `problem` a task made ready
for playing.
"""

ENVS = {
    f"guerdon/{name}-v0": {
        "entry_point": f"guerdon.envs.tabular.{name.lower()}:{name}Env",
        "vector_entry_point": f"guerdon.envs.tabular.{name.lower()}:{name}VectorEnv",
        "max_episode_steps": steps,
    }
    for name, steps in (("Tree", 12), ("Grid", 50), ("PadTrap", 8), ("Hacks", 20))
}
"""The env ids of this world, as arguments of gymnasium's `register`."""

_SETS = {"test": {"split": "test"}}

COMPARE = {
    "guerdon/Tree-v0": {
        "rewards": ("tabular/outcome-v1", "tabular/grid-potential-v1"),
        "recommended": "tabular/outcome-v1",
        "agent": "tabular-ppo",
        "steps": 100_000,
        "env_kwargs": {"split": "train", "variety": 0.3},
        "sets": {"test": {"split": "test", "variety": 0.3}},
    },
    "guerdon/Grid-v0": {
        "rewards": ("tabular/outcome-v1", "tabular/grid-potential-v1"),
        "recommended": "tabular/grid-potential-v1",
        "agent": "tabular-ppo",
        "steps": 200_000,
        "env_kwargs": {"split": "train"},
        "sets": _SETS,
    },
    "guerdon/PadTrap-v0": {
        "rewards": ("tabular/outcome-v1", "tabular/padtrap-scorer-v1"),
        "recommended": "tabular/outcome-v1",
        "agent": "tabular-ppo",
        "steps": 50_000,
        "env_kwargs": {"split": "train"},
        "sets": _SETS,
    },
    "guerdon/Hacks-v0": {
        "rewards": ("tabular/outcome-v1", "tabular/proxy-v1"),
        "recommended": "tabular/outcome-v1",
        "agent": "tabular-ppo",
        "steps": 50_000,
        "env_kwargs": {"split": "train"},
        "sets": _SETS,
    },
}
"""How each env is compared by default.

The sets hold other tasks than those trained on (PadTrap's are one problem, and so are those of a hack).
"""

IS_TEXT = False
"""Whether its envs speak in words: then the scripted policies for every text env can play them."""

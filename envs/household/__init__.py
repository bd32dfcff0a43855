"""The household world: find, clean, heat, cool, light and put away, in words. ALFWorld's rules, natively.

`env` is the Gymnasium env, `vector` the same for many games in one process. Below them: `scene` (plain data), `world`
(a scene compiled), `game` (the rules), `errands` and `planner` (exact distances), `games` (where games come from).
"""

ENVS = {
    "guerdon/Household-v0": {
        "entry_point": "guerdon.envs.household.env:HouseholdEnv",
        "vector_entry_point": "guerdon.envs.household.vector:HouseholdVectorEnv",
        "max_episode_steps": 50,
    }
}
"""The env ids of this world, as arguments of gymnasium's `register`."""

COMPARE = {
    "guerdon/Household-v0": {
        "rewards": ("household/success-v1", "household/plan-distance-v1", "household/busy-v1"),
        "recommended": "household/plan-distance-v1",
        "agent": "ppo",
        "steps": 100_000,
        "env_kwargs": {"split": "train"},
        "sets": {"seen": {"split": "valid_seen"}, "unseen": {"split": "valid_unseen"}},
    }
}
"""How each env is compared by default. The sets hold other tasks than those trained on; `unseen` other rooms too."""

IS_TEXT = True
"""Whether its envs speak in words: then the scripted policies for every text env can play them."""

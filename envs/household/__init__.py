"""The household world: find, clean, heat, cool, light and put away, in words. ALFWorld's rules, natively.

`env` is the Gymnasium env, `vector` the same for many games in one process. Below them: `scene` (plain data),
`world` (a scene compiled), `game` (the rules), `planner` (exact distances), `sources` (where games come from).
"""

ENVS = {
    "guerdon/Household-v0": {
        "entry_point": "guerdon.envs.household.env:HouseholdEnv",
        "vector_entry_point": "guerdon.envs.household.vector:HouseholdVectorEnv",
        "max_episode_steps": 50,
    }
}

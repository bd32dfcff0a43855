"""The web-shop world: find, choose and buy a product that fits an instruction. WebShop's rules, natively.

`env` is the Gymnasium env, `vector` the same for many games in one process. Below them: `game` (the rules), `view`
(what is read), `planner` (the oracle), `shop` (what envs share), `scoring` (the score, as a pure function),
`search` (BM25), `data` (products and goals, and where they come from), `generator` (the built-in catalogue).
"""

from .scoring import score

__all__ = ["COMPARE", "ENVS", "IS_TEXT", "score"]

ENVS = {
    "guerdon/WebShop-v0": {
        "entry_point": "guerdon.envs.webshop.env:WebShopEnv",
        "vector_entry_point": "guerdon.envs.webshop.vector:WebShopVectorEnv",
        "max_episode_steps": 50,
    }
}
"""The env ids of this world, as arguments of gymnasium's `register`."""

COMPARE = {
    "guerdon/WebShop-v0": {
        "rewards": (
            "webshop/purchase-v1",
            "webshop/stepwise-v1",
            "webshop/best-ahead-v1",
            "webshop/keywords-v1",
        ),
        "recommended": "webshop/best-ahead-v1",
        "agent": "ppo",
        "steps": 12_000,
        "env_kwargs": {"split": "train"},
        "sets": {"eval": {"split": "eval", "goals": "all"}, "test": {"split": "test", "goals": "all"}},
    }
}
"""How each env is compared by default. Trained on human-style instructions; the sets ask, in both styles, for other
products than those trained on."""

IS_TEXT = True
"""Whether its envs speak in words: then the scripted policies for every text env can play them."""

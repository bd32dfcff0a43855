"""The policy that writes symbols: constrained probabilities sum to 1, evaluation equals decision, it learns."""

import copy

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.agents.losses.clipped import ClippedLoss, Targets
from guerdon.agents.policies.prompt import Prompt
from guerdon.agents.policies.symbol_policy import SymbolPolicy
from guerdon.agents.policies.symbols import END, VOCABULARY, branches, line_table, spell
from guerdon.core.trajectory import Step


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def make(seed=0, **config):
    torch.manual_seed(seed)
    policy = SymbolPolicy(**{"width": 16, "heads": 2, **config})
    with torch.no_grad():  # the heads begin at zero, and then nothing depends on anything
        for head in (policy.next, policy.value[-1]):
            head.weight.normal_(std=0.5)
    return policy


def steps_of(inputs, choices):
    return [Step("", "", "", inputs=one, choice=choice) for one, choice in zip(inputs, choices, strict=True)]


LISTS = [
    ("add 1", "add 12", "add 2", "undo", "answer 7"),
    ("a", "ab", "abc"),
    ("only",),
    ("",),
    ("x -> y", "x -> z"),
]
INPUTS = [Prompt(f"value {i}\n>", actions) for i, actions in enumerate(LISTS)] + [Prompt("9" * 30 + ">", LISTS[0])]


def test_alphabet_is_small_and_the_same_everywhere():
    assert VOCABULARY <= 100
    assert spell("a\tb\n") == [67, 2, 68, END]
    assert spell("é²→") == [71, 20, 33]  # e, 2, ?
    assert len({tuple(spell(chr(code))) for code in range(32, 127)}) == 95


@given(st.lists(st.text(alphabet="abc ", max_size=5), min_size=1, max_size=8, unique=True), st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_probabilities_of_all_that_is_admissible_sum_to_one(actions, seed):
    actions = tuple({" ".join(one.split()): None for one in actions})  # spelled differently
    policy = make(seed)
    prompt = Prompt("situation\n>", actions)
    logp = policy.evaluate([steps_of([prompt] * len(actions), range(len(actions)))]).logp
    assert logp.exp().sum().item() == pytest.approx(1.0, abs=1e-5)


def test_probability_is_the_product_over_what_may_follow():
    policy, actions = make(2), ("ab", "ac", "b")
    prompt = Prompt("p>", actions)

    def symbols(text, allowed):
        ids = torch.tensor([spell(text)])
        hidden, _ = policy.net(ids, torch.ones_like(ids, dtype=torch.bool))
        logits = policy.next(hidden[0, -1])
        return dict(
            zip(allowed, torch.log_softmax(logits[[spell(one)[0] for one in allowed]], 0).tolist(), strict=True)
        )

    first, second = symbols("p>", "ab"), symbols("p>a", "bc")
    wanted = [first["a"] + second["b"], first["a"] + second["c"], first["b"]]
    found = policy.evaluate([steps_of([prompt] * 3, range(3))])
    np.testing.assert_allclose(found.logp.detach().numpy(), wanted, rtol=1e-4)
    entropies = [-sum(np.exp(p) * p for p in one.values()) for one in (first, second)]
    np.testing.assert_allclose(
        found.entropy.detach().numpy(), [sum(entropies), sum(entropies), entropies[0]], rtol=1e-4
    )
    # Its mean over the policy is the entropy of the policy.
    p = np.exp(wanted)
    assert p @ found.entropy.detach().numpy() == pytest.approx(-p @ wanted, rel=1e-4)
    parts = policy.symbol_log_probs(steps_of([prompt] * 2, [0, 2]))
    np.testing.assert_allclose(parts[0].tolist(), [first["a"], second["b"]], rtol=1e-4)
    np.testing.assert_allclose(parts[1].tolist(), [first["b"]], rtol=1e-4)


@pytest.mark.parametrize("greedy", [False, True])
def test_evaluation_equals_decision(greedy):
    policy = make(3, context=24)
    inputs = INPUTS * 6
    decided = policy.decide(inputs, None, np.ones(len(inputs), bool), generator(5), greedy)
    steps = steps_of(inputs, decided.choices)
    now = policy.evaluate([steps[:7], steps[7:]])
    np.testing.assert_allclose(now.logp.detach().numpy(), decided.logp, atol=1e-5)
    np.testing.assert_allclose(now.value.detach().numpy(), decided.values, atol=1e-5)
    rows = np.array([20, 3, 4])
    picked = policy.evaluate_pack(policy.pack([steps]), rows)
    torch.testing.assert_close(picked.logp, now.logp[rows])
    torch.testing.assert_close(picked.value, now.value[rows])
    again = policy.decide(inputs, None, np.ones(len(inputs), bool), generator(5), greedy)
    assert (again.choices, again.actions) == (decided.choices, decided.actions)
    forced = policy.decide(inputs, None, np.ones(len(inputs), bool), generator(), forced=decided.choices)
    assert forced.choices == decided.choices
    np.testing.assert_allclose(forced.logp, decided.logp, atol=1e-6)


def test_what_is_drawn_has_the_probabilities_that_are_said():
    policy, prompt = make(4), INPUTS[0]
    inputs = [prompt] * 4000
    decided = policy.decide(inputs, None, np.ones(4000, bool), generator(1))
    found = np.bincount(decided.choices, minlength=5) / 4000
    wanted = policy.evaluate([steps_of([prompt] * 5, range(5))]).logp.exp().detach().numpy()
    np.testing.assert_allclose(found, wanted, atol=0.03)


def test_one_batch_says_what_single_ones_say():
    policy = make(6)
    together = policy.evaluate([steps_of(INPUTS, [0] * len(INPUTS))])
    for row, one in enumerate(INPUTS):
        alone = policy.evaluate([steps_of([one], [0])])
        torch.testing.assert_close(alone.logp[0], together.logp[row], atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(alone.value[0], together.value[row], atol=1e-5, rtol=1e-5)


def test_certain_symbols_cost_nothing():
    line, allowed = branches(("take mug from shelf", "take cup from shelf"), 1)
    assert len(line) == 6  # "take c": what follows is settled
    assert allowed.sum(1).tolist() == [1, 1, 1, 1, 1, 2]
    assert len(branches(("only",), 0)[0]) == 0
    assert line_table(("a", "bcd")).shape == (2, 4)
    single = make().evaluate([steps_of([INPUTS[2], INPUTS[3]], [0, 0])])
    assert single.logp.tolist() == single.entropy.tolist() == [0.0, 0.0]


def test_learns_which_line_is_paid():
    torch.manual_seed(0)
    policy = SymbolPolicy(width=16, heads=2)
    inputs = [Prompt(f"want {i % 3}\n>", ("add 0", "add 1", "add 2", "undo")) for i in range(48)]
    optimizer, source, loss = torch.optim.Adam(policy.parameters(), lr=1e-2), generator(0), ClippedLoss()
    for _ in range(30):
        decided = policy.decide(inputs, None, np.ones(48, bool), source)
        paid = torch.tensor([float(action == f"add {i % 3}") for i, action in enumerate(decided.actions)])
        pack = policy.pack([steps_of(inputs, decided.choices)])
        targets = Targets(torch.from_numpy(decided.logp), paid - paid.mean(), returns=paid)
        for _ in range(3):
            optimizer.zero_grad()
            loss(policy.evaluate_pack(pack), targets)[0].backward()
            optimizer.step()
    greedy = policy.decide(inputs[:3], None, np.ones(3, bool), source, greedy=True)
    assert greedy.actions == ["add 0", "add 1", "add 2"]
    assert greedy.values.min() > 0.5


def test_config_and_weights_make_the_same_policy():
    policy = make(7, context=40, history=2, list_actions=True)
    other = SymbolPolicy(**policy.config)
    other.load_state_dict(policy.state_dict())
    steps = steps_of(INPUTS, [0] * len(INPUTS))
    for one in (other, copy.deepcopy(policy)):
        assert torch.equal(one.evaluate([steps]).logp, policy.evaluate([steps]).logp)
    assert other.reader(1).list_actions


def test_actions_of_the_world_as_choices():
    policy = make()
    assert policy.choice_of(INPUTS[0], "undo") == 3
    with pytest.raises(ValueError, match="add 12"):
        policy.choice_of(INPUTS[0], "add 13")

"""A language model as a policy: exact log-probabilities over the admissible list, learning, adapters, weights."""

import copy

import numpy as np
import pytest
import torch

from guerdon.agents.losses.clipped import ClippedLoss, Targets
from guerdon.agents.policies.prompt import Prompt, PromptReader
from guerdon.core.trajectory import Step

pytest.importorskip("transformers", reason="needs the extra llm: pip install 'guerdon[llm]'")

from guerdon.agents.policies import language_model
from guerdon.agents.policies.causal_lm import CausalLmPolicy

HALL = Prompt("a hall\nYou can: ...\n>", ("go north", "go north east", "take the lamp", "go south"))
SITUATIONS = [
    HALL,
    Prompt("x\n>", ("open box", "open door")),
    Prompt("end\n>", ("",)),
    Prompt("ü\n>", ("répondre 7", "a")),
]
NEW = np.ones(len(SITUATIONS), bool)
GPT2 = {"model_type": "gpt2", "n_embd": 16, "n_layer": 2, "n_head": 2, "n_positions": 256, "bos_token_id": 256}
GEMMA = {
    "model_type": "gemma2",
    "hidden_size": 16,
    "intermediate_size": 16,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "head_dim": 8,
    "final_logit_softcapping": 0.01,
}


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def steps_of(inputs, choices):
    return [Step("", "", "", inputs=one, choice=choice) for one, choice in zip(inputs, choices, strict=True)]


@pytest.fixture(scope="module")
def policy():
    return CausalLmPolicy.tiny(seed=3)


def alone(policy, prompt, line):
    """What the model says of one line after a prompt, with nothing else in the pass."""
    ids, line = policy._ids(prompt), policy.tokens.action(line)
    logits = policy.model.net(input_ids=torch.tensor([[*ids, *line]]), use_cache=False).logits[0]
    return torch.log_softmax(logits, -1)[len(ids) - 1 : -1].gather(1, torch.tensor(line)[:, None]).sum()


@pytest.mark.parametrize("model", [None, GPT2], ids=["llama", "gpt2"])
def test_policy_is_the_likelihood_of_each_line_alone_restricted_to_the_list(policy, model):
    policy = CausalLmPolicy(model, seed=1) if model else policy
    found = policy._judge(SITUATIONS)[0]
    for row, one in zip(found, SITUATIONS, strict=True):
        wanted = torch.log_softmax(torch.stack([alone(policy, one, action) for action in one.actions]), 0)
        torch.testing.assert_close(row[: len(wanted)], wanted, rtol=1e-4, atol=1e-4)
        assert row[: len(wanted)].exp().sum().item() == pytest.approx(1.0)
        assert (row[len(wanted) :] == -torch.inf).all()


@pytest.mark.parametrize("settings", [{}, {"temperature": 3.0, "length_power": 1.0}], ids=["sum", "mean"])
def test_evaluation_equals_decision(settings):
    policy = CausalLmPolicy.tiny(seed=0, batch_tokens=60, **settings)
    inputs = SITUATIONS * 4
    decided = policy.decide(inputs, None, np.ones(len(inputs), bool), generator())
    steps = steps_of(inputs, decided.choices)
    now = policy.evaluate([steps[:5], steps[5:]])
    np.testing.assert_allclose(now.logp.detach().numpy(), decided.logp, atol=1e-5)
    np.testing.assert_allclose(now.value.detach().numpy(), decided.values, atol=1e-6)
    rows = np.array([9, 2, 4])
    torch.testing.assert_close(policy.evaluate_pack(policy.pack([steps]), rows).logp, now.logp[rows])
    assert decided.actions == [one.actions[i] for one, i in zip(inputs, decided.choices, strict=True)]
    again = policy.decide(inputs, None, np.ones(len(inputs), bool), generator())
    assert again.choices == decided.choices
    assert (again.logp == decided.logp).all()


def test_temperature_and_power_scale_the_scores(policy):
    sums = torch.stack([alone(policy, HALL, action) for action in HALL.actions])
    lengths = torch.tensor([len(action) + 2.0 for action in HALL.actions])  # a space before, the end after
    other = CausalLmPolicy.tiny(seed=3, temperature=2.0, length_power=0.5)
    torch.testing.assert_close(
        other._judge([HALL])[0][0], torch.log_softmax(sums / lengths**0.5 / 2.0, 0), rtol=1e-4, atol=1e-4
    )


def test_entropy_is_that_of_the_list(policy):
    logits = policy._judge([HALL])[0][0]
    entropy = policy.evaluate([steps_of([HALL], [0])]).entropy
    assert entropy.item() == pytest.approx(torch.distributions.Categorical(logits=logits).entropy().item(), rel=1e-5)
    assert policy.evaluate([steps_of([SITUATIONS[2]], [0])]).entropy.item() == 0.0


@pytest.mark.parametrize("rank", [0, 4])
def test_a_few_steps_of_the_clipped_loss_raise_what_was_rewarded(rank):
    policy = CausalLmPolicy.tiny(seed=0, lora_rank=rank)
    group = steps_of([HALL] * 4, range(4))
    with torch.no_grad():
        before = policy.evaluate([group])
    targets = Targets(before.logp, torch.tensor([-0.5, -0.5, 1.5, -0.5]), returns=torch.tensor([0.0, 0.0, 1.0, 0.0]))
    optimizer = torch.optim.Adam([one for one in policy.parameters() if one.requires_grad], lr=1e-2)
    frozen = {name: one.clone() for name, one in policy.named_parameters() if not one.requires_grad}
    for _ in range(4):
        loss, _ = ClippedLoss(clip=10.0)(policy.evaluate([group]), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    after = policy.evaluate([group])
    assert after.logp[2].item() > before.logp[2].item() + 0.05
    assert after.value[0].item() > before.value[0].item()
    assert bool(frozen) == bool(rank)
    for name, one in policy.named_parameters():
        if name in frozen:
            assert torch.equal(one, frozen[name]), name


def test_lora_begins_as_the_model_and_trains_adapters_only():
    plain, policy = CausalLmPolicy.tiny(seed=5), CausalLmPolicy.tiny(seed=5, lora_rank=2)
    torch.testing.assert_close(plain._judge(SITUATIONS)[0], policy._judge(SITUATIONS)[0])
    names = [name for name, one in policy.named_parameters() if one.requires_grad]
    assert [name for name in names if "lora_" not in name] == ["value.weight", "value.bias"]
    # Seven linear layers in each of two blocks, two factors each.
    assert len(names) == 2 * 7 * 2 + 2
    assert set(policy.state_dict()) == set(names)


def test_choices_can_be_forced(policy):
    decided = policy.decide(SITUATIONS, None, NEW, generator(), forced=[3, 1, 0, 0])
    assert decided.choices == [3, 1, 0, 0]
    np.testing.assert_allclose(
        decided.logp, policy.evaluate([steps_of(SITUATIONS, [3, 1, 0, 0])]).logp.detach().numpy(), atol=1e-5
    )
    assert policy.choice_of(HALL, "go south") == 3
    with pytest.raises(ValueError, match="go south"):
        policy.choice_of(HALL, "go soth")


@pytest.mark.parametrize("rank", [0, 2])
def test_weights_that_were_saved_and_loaded_say_the_same(tmp_path, rank):
    policy = CausalLmPolicy.tiny(seed=1, lora_rank=rank)
    with torch.no_grad():
        for one in policy.parameters():
            if one.requires_grad:
                one += 0.05 * torch.randn(one.shape, generator=generator(1))
    torch.save(policy.state_dict(), tmp_path / "weights.pt")
    loaded = CausalLmPolicy(**policy.config)
    assert not torch.equal(loaded._judge([HALL])[0], policy._judge([HALL])[0])
    loaded.load_state_dict(torch.load(tmp_path / "weights.pt", weights_only=True))
    for other in (loaded, copy.deepcopy(policy)):
        for a, b in zip(other._judge(SITUATIONS), policy._judge(SITUATIONS), strict=True):
            assert torch.equal(a, b)
    incomplete = policy.state_dict()
    del incomplete["value.bias"]
    with pytest.raises(RuntimeError, match=r"value\.bias"):
        loaded.load_state_dict(incomplete)


def test_free_generation_tells_how_often_the_model_writes_what_it_may():
    policy = CausalLmPolicy.tiny(seed=0, free=True)
    barred = torch.ones(257, dtype=torch.bool)
    barred[list(b" ab\n")] = False
    with torch.no_grad():
        policy.model.net.lm_head.weight.zero_()
    policy.model.net.lm_head.register_forward_hook(lambda *args: args[2].masked_fill(barred, -torch.inf))
    inputs = [Prompt("x\n>", ("a", "b"))] * 4000
    decided = policy.decide(inputs, None, np.ones(len(inputs), bool), generator())
    assert decided.tags is not None
    # The model writes " ", "a", "b" and ends of lines alike: " a\n" and " b\n" have probability 4^-3 each.
    assert decided.tags.count("written") / 4000 == pytest.approx(2 / 64, abs=0.01)
    assert np.mean(decided.choices) == pytest.approx(0.5, abs=0.05)
    with pytest.raises(ValueError, match="free generation"):
        CausalLmPolicy.tiny(free=True, temperature=2.0)


def test_model_and_tokenizer_by_path(tmp_path):
    tokenizers, transformers = pytest.importorskip("tokenizers"), pytest.importorskip("transformers")
    vocabulary = {"[UNK]": 0, "[END]": 1, "go": 2, "north": 3, "south": 4, "hall": 5, ">": 6, "[BOS]": 7}
    words = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, "[UNK]"))
    words.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=words, unk_token="[UNK]", eos_token="[END]")
    tokenizer.save_pretrained(tmp_path)
    config = transformers.AutoConfig.for_model(**GPT2 | {"vocab_size": 8, "bos_token_id": 7, "eos_token_id": 1})
    transformers.AutoModelForCausalLM.from_config(config).save_pretrained(tmp_path)
    policy = CausalLmPolicy(str(tmp_path), lora_rank=1)  # GPT-2's layers are turned round
    assert policy.tokens.action("go north") == (2, 3, 1)
    assert policy._ids(Prompt("hall\n>", ())) == [5, 6]
    wanted = torch.stack([alone(policy, HALL, action) for action in ("go north", "go south")])
    found = policy._judge([Prompt(HALL.text, ("go north", "go south"))])[0][0]
    torch.testing.assert_close(found, torch.log_softmax(wanted, 0))
    with pytest.raises(ValueError, match="ids"):
        CausalLmPolicy(GPT2 | {"vocab_size": 4, "bos_token_id": 1, "eos_token_id": 1}, tokenizer=str(tmp_path))


def test_long_prompts_lose_their_middle(policy):
    long = CausalLmPolicy.tiny(seed=3, max_tokens=100)
    ids = long._ids(Prompt("goal " + "x" * 900 + " seen", ("a",)))
    assert len(ids) == 100
    assert bytes(ids[1:6]) == b"goal "
    assert bytes(ids[-5:]) == b" seen"


def test_half_precision_on_an_accelerator_is_near(monkeypatch, policy):
    monkeypatch.setattr(language_model, "ACCELERATORS", ("cpu",))
    half = CausalLmPolicy.tiny(seed=3, bf16=True)
    found = half._judge(SITUATIONS)[0]
    assert found.dtype == torch.float32
    torch.testing.assert_close(found, policy._judge(SITUATIONS)[0], rtol=0.02, atol=0.1)
    adapters = CausalLmPolicy.tiny(seed=3, bf16=True, lora_rank=2)
    torch.testing.assert_close(adapters._judge(SITUATIONS)[0], policy._judge(SITUATIONS)[0], rtol=0.02, atol=0.1)
    kinds = {one.dtype for one in adapters.parameters() if not one.requires_grad}
    assert kinds == {torch.bfloat16}
    adapters.evaluate([steps_of([HALL], [1])]).logp.sum().backward()


def test_parts_of_a_large_vocabulary_give_the_same_gradients(policy):
    class Small(language_model.LanguageModel):
        def _edges(self, nodes, source, target, chunk=7):
            return super()._edges(nodes, source, target, chunk)

    other = copy.deepcopy(policy)
    other.model.__class__ = Small
    for one in (policy, other):
        one.zero_grad()
        one.evaluate([steps_of(SITUATIONS, [1, 0, 0, 1])]).logp.sum().backward()
    for a, b in zip(policy.model.parameters(), other.model.parameters(), strict=True):
        torch.testing.assert_close(a.grad, b.grad)


@pytest.mark.parametrize(
    ("model", "complaint"),
    [
        ({"model_type": "mamba", "hidden_size": 16, "num_hidden_layers": 1, "state_size": 4}, "'mamba' cannot read"),
        (GEMMA, "'gemma2' scores a tree"),
    ],
)
def test_a_model_that_would_score_a_tree_wrongly_is_refused(model, complaint):
    with pytest.raises(ValueError, match=complaint):
        CausalLmPolicy(model)


def test_reader_keeps_the_goal_and_the_last_steps():
    reader = PromptReader(1, history=2)
    infos = {"admissible_actions": [["go", "stay"]]}
    texts = [reader.read([f"seen {i}"], infos, np.array([i == 0]), [f"act {i}"])[0].text for i in range(4)]
    assert texts[0] == "seen 0\nYou can: go; stay\n>"
    assert texts[3] == "seen 0\n> act 2\nseen 2\n> act 3\nseen 3\nYou can: go; stay\n>"
    assert reader.read(["new"], {"admissible_actions": [[]]}, np.array([True]), [""])[0].actions == ("",)
    with pytest.raises(ValueError, match="admissible_actions"):
        reader.read(["x"], {}, np.array([True]), [""])

"""A causal language model as a policy of every text world: it reads a prompt and scores the admissible actions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from ...core.names import check_name
from ...core.trajectory import Step
from .base import Decision, Evaluation, Policy
from .language_model import LanguageModel
from .prompt import Prompt, PromptReader, cut_middle
from .tokens import ByteTokens, PretrainedTokens, Tokens

__all__ = ["CausalLmPolicy"]


class CausalLmPolicy(Policy):
    """Chooses among the admissible actions by their likelihood after the prompt.

    The score of action a is the log-probability of its tokens t_1 ... t_n, the last of which ends the line, and the
    policy is the likelihood restricted to the list:

        s(a) = sum_i log p(t_i | prompt, t_1 ... t_{i-1}) / n^length_power
        log pi(a) = s(a) / temperature - log sum_b exp(s(b) / temperature)

    So log-probabilities, entropies and gradients are exact, an action outside the list is never taken, and one
    `evaluate` serves every loss. The same scores, as Ahn et al. (2022) used them to choose among skills. The value is
    linear in the state of the model after the prompt.

    A plain sum makes long actions unlikely and whole sums differ by many nats, so that an untrained model hardly
    explores; `length_power` = 1 compares means, and a temperature above 1 flattens.

    Free generation: let the model write token by token and, where what it writes is not admissible, fall back on the
    list. That chooses a with probability e^s(a) + (1 - S) e^s(a) / S = e^s(a) / S, S = sum_b e^s(b): the restricted
    likelihood again, so nothing has to be drawn differently. What writing freely tells beside the action is whether
    the fallback was needed, and with `free` each step's tag says so: "written" with probability S, or "fallback".

    Args:
        model: name or path of a model of `transformers`; or the configuration of a new one, as plain data with
            "model_type"; see `LanguageModel`.
        tokenizer: name or path; by default that of a named model, and bytes for a new one.
        history, list_actions: see `PromptReader`.
        max_tokens: tokens of a prompt that are read; of a longer one the middle is left out.
        temperature, length_power: see above.
        free: tag the steps.
        lora_rank, bf16, compile: see `LanguageModel`.
        seed: of weights that begin at random; None draws one, which then stands in `config`.
        batch_tokens: about how many tokens are read at once while acting; bounds memory, changes nothing else.

    Raises:
        ImportError: the extra `llm` is not installed.
        ValueError: free generation with a temperature or power that would make it another policy.
    """

    def __init__(
        self,
        model: str | Mapping[str, Any],
        tokenizer: str | None = None,
        history: int = 4,
        list_actions: bool = True,
        max_tokens: int = 768,
        temperature: float = 1.0,
        length_power: float = 0.0,
        free: bool = False,
        lora_rank: int = 0,
        bf16: bool = False,
        compile: bool = False,
        seed: int | None = None,
        batch_tokens: int = 16384,
    ):
        super().__init__()
        seed = int(torch.randint(2**31, ())) if seed is None else seed
        if temperature <= 0.0:
            raise ValueError(f"temperature is {temperature}, not above 0; for the likeliest action decide greedily")
        if free and (temperature != 1.0 or length_power != 0.0):
            raise ValueError("free generation is the model's own: it needs temperature=1.0 and length_power=0.0")
        self._config: dict[str, Any] = {
            "model": model if isinstance(model, str) else dict(model),
            "tokenizer": tokenizer,
            "history": history,
            "list_actions": list_actions,
            "max_tokens": max_tokens,
            "temperature": temperature,
            "length_power": length_power,
            "free": free,
            "lora_rank": lora_rank,
            "bf16": bf16,
            "compile": compile,
            "seed": seed,
            "batch_tokens": batch_tokens,
        }
        self.history, self.list_actions, self.max_tokens = history, list_actions, max_tokens
        self.temperature, self.length_power, self.free = temperature, length_power, free
        self.batch_tokens = batch_tokens
        name = tokenizer if tokenizer is not None else model if isinstance(model, str) else None
        self.tokens: Tokens = ByteTokens() if name is None else PretrainedTokens(name)
        self.model = LanguageModel(model, self.tokens, seed, lora_rank, bf16, compile)
        self.value = nn.Linear(self.model.width, 1)
        nn.init.zeros_(self.value.weight)
        nn.init.zeros_(self.value.bias)
        if lora_rank:
            self.register_state_dict_post_hook(_forget_frozen)
            self.register_load_state_dict_post_hook(_excuse_frozen)

    @classmethod
    def tiny(cls, seed: int = 0, **settings: Any) -> CausalLmPolicy:
        """Return a policy with a new Llama of two layers and 60,000 weights that reads bytes: for trying things out."""
        model = {
            "model_type": "llama",
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "num_key_value_heads": 2,
            "max_position_embeddings": 2048,
            "bos_token_id": 256,
            "eos_token_id": 10,
        }
        return cls(model, seed=seed, **settings)

    @property
    def config(self) -> dict[str, Any]:
        """The arguments of the constructor."""
        return dict(self._config)

    def reader(self, num_rows: int) -> PromptReader:
        """Return a reader for `num_rows` slots."""
        return PromptReader(num_rows, self.history, self.list_actions)

    @torch.no_grad()
    def decide(
        self,
        inputs: Sequence[Prompt],
        memory: Any,
        fresh: np.ndarray,
        generator: torch.Generator,
        greedy: bool = False,
        forced: Sequence[int] | None = None,
    ) -> Decision:
        """Choose an admissible action in each of B situations; see `Policy.decide`."""
        chosen, logp, values, written = [], [], [], []
        for rows in self._batches(inputs):
            logits, value, mass = self._judge(inputs[rows])
            if forced is not None:
                index = torch.tensor(forced[rows], device=logits.device)
            elif greedy:
                index = logits.argmax(-1)
            else:
                index = torch.multinomial(logits.exp(), 1, generator=generator).squeeze(1)
            chosen.append(index)
            logp.append(logits.gather(1, index[:, None]).squeeze(1))
            values.append(value)
            if self.free:  # S: whether an action was written or fallen back on does not depend on which it is
                written.append(torch.rand(mass.shape, generator=generator, device=mass.device) < mass)
        choices = torch.cat(chosen).tolist()
        tags = ["written" if own else "fallback" for own in torch.cat(written).tolist()] if self.free else None
        actions = [one.actions[i] for one, i in zip(inputs, choices, strict=True)]
        return Decision(actions, choices, torch.cat(logp).cpu().numpy(), torch.cat(values).cpu().numpy(), tags)

    def choice_of(self, inputs: Prompt, action: str, tag: str = "") -> int:
        """Return the index of an action among the admissible ones."""
        return inputs.actions.index(check_name("action", action, inputs.actions, "this situation"))

    def evaluate(self, segments: Sequence[Sequence[Step]]) -> Evaluation:
        """Return log-probability, entropy and value of the recorded choices; see `Policy.evaluate`."""
        return self.evaluate_pack(self.pack(segments))

    def pack(self, segments: Sequence[Sequence[Step]]) -> list[Step]:
        """Return the steps one after the other."""
        return [step for segment in segments for step in segment]

    def evaluate_pack(self, pack: Sequence[Step], rows: np.ndarray | None = None) -> Evaluation:
        """Return what the policy says now of the steps `rows` of a pack; of all without `rows`."""
        steps = pack if rows is None else [pack[row] for row in rows.tolist()]
        logits, value, _ = self._judge([step.inputs for step in steps])
        choices = torch.tensor([step.choice for step in steps], device=logits.device)
        logp = logits.gather(1, choices[:, None]).squeeze(1)
        entropy = -(logits.exp() * logits.masked_fill(logits.isinf(), 0.0)).sum(-1)
        return Evaluation(logp, entropy, value)

    def _judge(self, inputs: Sequence[Prompt]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return log-probabilities (B, A), -inf where there is no action, values (B,) and S (B,), see above."""
        lines = [[self.tokens.action(action) for action in one.actions] for one in inputs]
        scores, states = self.model([self._ids(one) for one in inputs], lines)
        mass = torch.stack([torch.logsumexp(one, 0) for one in scores]).exp()
        if self.length_power:
            lengths = [torch.tensor([len(line) for line in one], device=states.device) for one in lines]
            scores = [one / length**self.length_power for one, length in zip(scores, lengths, strict=True)]
        padded = nn.utils.rnn.pad_sequence(scores, batch_first=True, padding_value=-torch.inf)
        return torch.log_softmax(padded / self.temperature, dim=-1), self.value(states).squeeze(-1), mass

    def _ids(self, prompt: Prompt) -> list[int]:
        return cut_middle(self.tokens.prompt(prompt.text), self.max_tokens)

    def _batches(self, inputs: Sequence[Prompt]) -> Iterator[slice]:
        """Cut B situations into runs of about `batch_tokens` tokens."""
        begin, total = 0, 0
        for row, one in enumerate(inputs):
            size = min(len(one.text), self.max_tokens) + sum(map(len, one.actions))
            if row > begin and total + size > self.batch_tokens:
                yield slice(begin, row)
                begin, total = row, 0
            total += size
        yield slice(begin, len(inputs))


def _is_frozen(name: str) -> bool:
    return name.startswith("model.") and "lora_" not in name


def _forget_frozen(policy: nn.Module, state: dict[str, Any], prefix: str, _: Any) -> None:
    """Leave frozen weights out of what is saved: the config says where they come from."""
    for name in [name for name in state if _is_frozen(name.removeprefix(prefix))]:
        del state[name]


def _excuse_frozen(policy: nn.Module, keys: Any) -> None:
    """Do not miss frozen weights when weights are loaded."""
    keys.missing_keys[:] = [name for name in keys.missing_keys if not _is_frozen(name)]

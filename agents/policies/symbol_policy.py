"""A small policy that writes its action symbol by symbol, for worlds in which an action is a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn

from ...core.names import check_name
from ...core.trajectory import Step
from .base import Decision, Evaluation, Policy
from .prompt import Prompt, PromptReader, cut_middle
from .symbol_net import SymbolNet
from .symbols import PAD, VOCABULARY, branches, line_table, spell

__all__ = ["SymbolPolicy"]


class _Pack(NamedTuple):
    """N steps as arrays: prompts (N, P) and their lengths, lines (N, L), what could have been written (N, L, V)."""

    prompts: np.ndarray
    lengths: np.ndarray
    lines: np.ndarray
    allowed: np.ndarray


class SymbolPolicy(Policy):
    """Reads a prompt and writes a line, one of the admissible ones, over an alphabet of 96 symbols.

    A symbol may follow if some admissible action goes on so, and the choice among those is the network's:

        log pi(a) = sum_i log p(s_i | prompt, s_1 ... s_{i-1}),  p over the symbols that may follow

    The probabilities of all admissible actions sum to 1, and where only one symbol may follow it is certain and adds
    nothing. So the policy is normalised at every symbol, in contrast to `CausalLmPolicy`, which is normalised once over
    the list: learning from a step needs the prompt and one line, however many lines there were to choose from.

    The entropy of a recorded step is the sum of the entropies at its symbols. By the chain rule its mean over steps
    drawn from the policy is the entropy of the policy (exact where there is one branching, as in lists of numbers).

    The alphabet is the same in every world, so nothing is fitted and saved weights always mean the same: the printable
    characters of ASCII and the end of a line; see `symbols.spell` for what becomes of others. Two actions that are
    spelled alike are one to the policy, the first.

    Args:
        width, layers, heads: of the transformer; see `SymbolNet`. The default has about 85,000 weights.
        context: symbols of a prompt that are read; of a longer one the middle is left out.
        history: how many of the last steps are told; the first observation always is.
        list_actions: whether the prompt lists what is admissible.
    """

    def __init__(
        self,
        width: int = 64,
        layers: int = 2,
        heads: int = 4,
        context: int = 256,
        history: int = 1,
        list_actions: bool = False,
    ):
        super().__init__()
        self._config: dict[str, Any] = {
            "width": width,
            "layers": layers,
            "heads": heads,
            "context": context,
            "history": history,
            "list_actions": list_actions,
        }
        self.context, self.history, self.list_actions = context, history, list_actions
        self.net = SymbolNet(VOCABULARY, width, layers, heads)
        self.next = nn.Linear(width, VOCABULARY)
        self.value = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 1))
        for head in (self.next, self.value[-1]):  # begin with equal probabilities and values of about zero
            nn.init.zeros_(head.get_parameter("weight"))
            nn.init.zeros_(head.get_parameter("bias"))

    @property
    def config(self) -> dict[str, Any]:
        """The arguments of the constructor."""
        return dict(self._config)

    def reader(self, num_rows: int) -> PromptReader:
        """Return a reader for `num_rows` slots."""
        return PromptReader(num_rows, self.history, self.list_actions, max_chars=self.context)

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
        """Write an admissible action in each of B situations; see `Policy.decide`. Greedy takes likeliest symbols."""
        tables = [line_table(one.actions) for one in inputs]
        lines = np.full((len(inputs), max(map(len, tables)), max(one.shape[1] for one in tables)), PAD)
        alive = np.zeros(lines.shape[:2], dtype=bool)
        for row, table in enumerate(tables):
            lines[row, : len(table), : table.shape[1]], alive[row, : len(table)] = table, True
        prompts, lengths = self._prompts(inputs)
        seen = self._seen(prompts, lengths)
        hidden, cache = self.net(self._tensor(prompts), seen, keep=1)
        values = self.value(hidden[:, -1]).squeeze(-1)
        logp, everyone = torch.zeros_like(values), np.arange(len(inputs))
        for i in range(lines.shape[2]):
            allowed = np.zeros((len(inputs), VOCABULARY), dtype=bool)
            row, column = alive.nonzero()
            allowed[row, lines[row, column, i]] = True  # what has ended goes on with padding
            spread = self._spread(hidden[:, -1], self._tensor(allowed))
            if forced is not None:
                symbols = self._tensor(lines[everyone, forced, i])
            elif greedy:
                symbols = spread.argmax(-1)
            else:
                symbols = torch.multinomial(spread.exp(), 1, generator=generator).squeeze(1)
            logp += spread.gather(1, symbols[:, None]).squeeze(1)
            written = symbols.cpu().numpy()
            alive &= lines[:, :, i] == written[:, None]
            same = (lines[:, :, i + 1 :] == lines[everyone, alive.argmax(1), i + 1 :][:, None]).all(-1)
            if (same | ~alive).all():  # every line is settled
                break
            seen = torch.cat([seen, symbols[:, None] != PAD], dim=1)
            hidden, cache = self.net(symbols[:, None], seen, cache)
        choices = alive.argmax(1).tolist()
        actions = [one.actions[i] for one, i in zip(inputs, choices, strict=True)]
        return Decision(actions, choices, logp.cpu().numpy(), values.cpu().numpy())

    def choice_of(self, inputs: Prompt, action: str, tag: str = "") -> int:
        """Return the index of an action among the admissible ones."""
        return inputs.actions.index(check_name("action", action, inputs.actions, "this situation"))

    def evaluate(self, segments: Sequence[Sequence[Step]]) -> Evaluation:
        """Return log-probability, entropy and value of the recorded choices; see `Policy.evaluate`."""
        return self.evaluate_pack(self.pack(segments))

    def pack(self, segments: Sequence[Sequence[Step]]) -> _Pack:
        """Return the steps as arrays, from which rows are picked fast."""
        steps = [step for segment in segments for step in segment]
        prompts, lengths = self._prompts([step.inputs for step in steps])
        written = [branches(step.inputs.actions, step.choice) for step in steps]
        longest = max(1, *(len(line) for line, _ in written))
        lines = np.full((len(steps), longest), PAD)
        allowed = np.zeros((*lines.shape, VOCABULARY), dtype=bool)
        allowed[:, :, PAD] = True
        for row, (line, free) in enumerate(written):
            lines[row, : len(line)], allowed[row, : len(line)] = line, free
        return _Pack(prompts, lengths, lines, allowed)

    def evaluate_pack(self, pack: _Pack, rows: np.ndarray | None = None) -> Evaluation:
        """Return what the policy says now of the steps `rows` of a pack; of all without `rows`."""
        logp, entropy, value = self._written(pack, rows)
        return Evaluation(logp.sum(1), entropy.sum(1), value)

    def symbol_log_probs(self, steps: Sequence[Step]) -> list[torch.Tensor]:
        """Return the log-probabilities of the symbols of each step's line, up to the last that was not certain."""
        pack = self.pack([steps])
        logp, _, _ = self._written(pack, None)
        return [one[:length] for one, length in zip(logp, (pack.lines != PAD).sum(1).tolist(), strict=True)]

    def _written(self, pack: _Pack, rows: np.ndarray | None) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return log-probabilities and entropies at each symbol (N, L), and values (N,)."""
        prompts, lengths, lines, allowed = pack if rows is None else (part[rows] for part in pack)
        prompts = prompts[:, prompts.shape[1] - max(lengths) :]
        lines = lines[:, : max((lines != PAD).sum(1).max(initial=0), 1)]
        ids = self._tensor(np.concatenate([prompts, lines[:, :-1]], axis=1))
        seen = torch.cat([self._seen(prompts, lengths), self._tensor(lines[:, :-1] != PAD)], dim=1)
        hidden, _ = self.net(ids, seen, keep=lines.shape[1])  # from the end of the prompt on
        spread = self._spread(hidden, self._tensor(allowed[:, : lines.shape[1]]))
        logp = spread.gather(2, self._tensor(lines)[..., None]).squeeze(-1)
        entropy = -(spread.exp() * spread.masked_fill(spread.isinf(), 0.0)).sum(-1)
        return logp, entropy, self.value(hidden[:, 0]).squeeze(-1)

    def _spread(self, hidden: torch.Tensor, allowed: torch.Tensor) -> torch.Tensor:
        """Return the log-probabilities (..., V) of what may follow, -inf for what may not."""
        return torch.log_softmax(self.next(hidden).masked_fill(~allowed, -torch.inf), dim=-1)

    def _prompts(self, inputs: Sequence[Prompt]) -> tuple[np.ndarray, np.ndarray]:
        """Return the symbols of prompts, padded on the left, (B, P), and their lengths."""
        texts = [cut_middle(spell(one.text), self.context) for one in inputs]
        lengths = np.array([len(one) for one in texts])
        ids = np.full((len(texts), lengths.max()), PAD)
        for row, text in zip(ids, texts, strict=True):
            row[len(row) - len(text) :] = text
        return ids, lengths

    def _seen(self, prompts: np.ndarray, lengths: np.ndarray) -> torch.Tensor:
        return self._tensor(np.arange(prompts.shape[1]) >= prompts.shape[1] - lengths[:, None])

    def _tensor(self, array: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(np.ascontiguousarray(array)).to(self.device)

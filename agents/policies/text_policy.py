"""The text policy of our own: it scores every admissible action, reading each different text once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from ...core.names import check_name
from ...core.trajectory import Step
from ...wrappers.text_memory import MEMORIES, memory_of
from ..ranges import ranges
from .bags import mean_bags, most
from .base import Decision, Evaluation, Policy
from .step_memory import STEP_MEMORIES
from .text_pack import TextPack
from .text_reader import TextInputs, TextReader

__all__ = ["TextPolicy"]


class TextPolicy(Policy):
    """Scores each admissible action with shared weights, from [h, a, h * a]: situation h, action a.

    What is learned of "take mug 1 from shelf 2" so holds wherever it can be done. Texts are bags of hashed words. An
    action that is offered in many situations of a batch is embedded once, and only its flags are added for each.

    Args:
        text_memory: name of the `TextMemory` that reads the world's text; `env.metadata["text_memory"]`.
        width: size of embeddings and hidden layers.
        vocabulary: hash buckets for words.
        max_words: words of what was read last that are kept.
        memory: None, "gru" or "transformer": what the policy keeps in mind by itself, beside the notes of the reader.
        tags: names of labels; the policy then chooses a tag first and the action given the tag (RLVMR, 2025). The
            words of the action chosen under the first of them, the plan, stay in sight until the next one.
    """

    def __init__(
        self,
        text_memory: str = "plain",
        width: int = 64,
        vocabulary: int = 8192,
        max_words: int = 48,
        memory: str | None = None,
        tags: Sequence[str] = (),
    ):
        super().__init__()
        kind = MEMORIES[text_memory]
        self.text_memory, self.width, self.vocabulary, self.max_words = text_memory, width, vocabulary, max_words
        self.memory_kind, self.tags = memory, tuple(tags)
        self._parts = (kind.GOAL, kind.HELD, max_words)
        self.words = nn.EmbeddingBag(vocabulary, width, mode="mean", padding_idx=0)
        nn.init.normal_(self.words.weight, std=0.5)
        with torch.no_grad():
            self.words.weight[0] = 0.0
        self.situation = nn.Sequential(nn.Linear(3 * width, width), nn.ReLU(), nn.Linear(width, width))
        self.text = nn.Linear(width, width)
        self.flags = nn.Linear(len(kind.FLAGS), width, bias=False)
        self.score_h = nn.Linear(width, width)
        self.score_a = nn.Linear(2 * width, width, bias=False)
        self.score = nn.Linear(width, 1)
        self.value = nn.Sequential(nn.Linear(2 * width, width), nn.ReLU(), nn.Linear(width, 1))
        nn.init.zeros_(self.score.weight)  # begin with equal scores and values of about zero
        nn.init.zeros_(self.value[-1].get_parameter("weight"))
        self.step_memory = None
        if memory is not None:
            self.step_memory = STEP_MEMORIES[check_name("memory of a policy", memory, STEP_MEMORIES)](width)
            self.last = nn.Linear(width, width)
        if self.tags:
            self.tag_score = nn.Linear(width, len(self.tags))
            self.tag_vector = nn.Embedding(len(self.tags), width)
            self.hint = nn.Linear(2 * width, width, bias=False)

    @classmethod
    def settings_for(cls, env: Any) -> dict[str, Any]:
        """Return the memory that the env's metadata names."""
        return {"text_memory": memory_of(env.metadata)}

    @property
    def sequential(self) -> bool:  # type: ignore[override]
        """Whether the policy has a memory of its own."""
        return self.step_memory is not None

    @property
    def config(self) -> dict[str, Any]:
        """The arguments of the constructor."""
        return {
            "text_memory": self.text_memory,
            "width": self.width,
            "vocabulary": self.vocabulary,
            "max_words": self.max_words,
            "memory": self.memory_kind,
            "tags": list(self.tags),
        }

    def reader(self, num_rows: int) -> TextReader:
        """Return a reader for `num_rows` slots."""
        return TextReader(num_rows, self.text_memory, self.vocabulary, self.max_words)

    @torch.no_grad()
    def decide(
        self,
        inputs: Sequence[TextInputs],
        memory: Any,
        fresh: np.ndarray,
        generator: torch.Generator,
        greedy: bool = False,
        forced: Sequence[Any] | None = None,
    ) -> Decision:
        """Choose an admissible action in each of B situations; see `Policy.decide`."""
        state, hints = (None, None) if memory is None else memory
        if self.tags:
            hints = np.zeros((len(inputs), 1 + self.width), np.float32) if hints is None else hints.copy()
            hints[fresh] = 0.0
        if self.step_memory is not None:
            state = self.step_memory.empty(len(inputs)) if state is None else state
            state = torch.where(self._tensor(fresh).view(-1, *[1] * (state.ndim - 1)), torch.zeros_like(state), state)
        self._note(inputs, state, hints)
        pack = self._pack(inputs, hints=hints)
        h, texts = self._read(pack)
        if self.step_memory is not None:
            h, state = self.step_memory(h[:, None], state)
            h = h[:, 0]
        logp = torch.zeros(len(inputs), device=self.device)
        tags = None
        fixed = None if forced is None else torch.tensor(forced, device=self.device).view(len(inputs), -1)
        if self.tags:
            tag_logits = torch.log_softmax(self.tag_score(h), dim=-1)
            tags = _draw(tag_logits, generator, greedy) if fixed is None else fixed[:, 0]
            logp = logp + tag_logits.gather(1, tags[:, None]).squeeze(1)
        looks, value, a = self._judge(pack, h, texts, tags)
        logits = self._spread(inputs, pack, looks)
        chosen = _draw(logits, generator, greedy) if fixed is None else fixed[:, -1]
        logp = logp + logits.gather(1, chosen[:, None]).squeeze(1)
        choices: list[Any] = chosen.tolist()
        actions = [one.commands[i] for one, i in zip(inputs, choices, strict=True)]
        names = None
        if tags is not None and hints is not None:
            labels = tags.cpu().numpy()
            planned = labels == 0
            look = np.array([one.which[i] for one, i in zip(inputs, choices, strict=True)])
            hints[:, 0] = labels + 1
            hints[planned, 1:] = a.cpu().numpy()[pack.which[pack.starts[:-1] + look]][planned]
            names = [self.tags[i] for i in labels]
            choices = list(zip(labels.tolist(), choices, strict=True))
        values = value.float().cpu().numpy()
        return Decision(actions, choices, logp.float().cpu().numpy(), values, names, (state, hints))

    def choice_of(self, inputs: TextInputs, action: str, tag: str = "") -> Any:
        """Return the index of an action among the admissible ones; with tags, (index of the tag, index)."""
        index = list(inputs.commands).index(check_name("action", action, inputs.commands, "this situation"))
        return (self.tags.index(tag or self.tags[-1]), index) if self.tags else index

    def pick_memory(self, memory: Any, rows: np.ndarray) -> Any:
        """Return the part of a memory that belongs to some slots."""
        return None if memory is None else tuple(None if one is None else one[rows] for one in memory)

    def evaluate(self, segments: Sequence[Sequence[Step]]) -> Evaluation:
        """Return what the policy says now of the recorded choices; see `Policy.evaluate`."""
        return self.evaluate_pack(self.pack(segments))

    def pack(self, segments: Sequence[Sequence[Step]]) -> Any:
        """Return (steps as a `TextPack`, where each segment begins, memories that segments begin with or None)."""
        steps = [step for segment in segments for step in segment]
        inputs, tags, hints = [step.inputs for step in steps], None, None
        choices = [step.choice for step in steps]
        if self.tags:
            tags = np.array([tag for tag, _ in choices])
            choices = [choice for _, choice in choices]
            hints = np.stack([one.state["hints"] for one in inputs])
        starts = np.concatenate(([0], np.cumsum([len(segment) for segment in segments])))
        memory = np.stack([one[0].inputs.state["memory"] for one in segments]) if self.sequential else None
        return self._pack(inputs, choices, tags, hints), starts, memory

    def evaluate_pack(self, pack: Any, rows: np.ndarray | None = None) -> Evaluation:
        """Return what the policy says now of the segments `rows` of a pack; of all without `rows`."""
        steps, starts, memory = pack
        if rows is not None:
            starts, index = ranges(starts, rows)
            steps, memory = steps.pick(index), None if memory is None else memory[rows]
        h, texts = self._read(steps)
        if self.step_memory is not None and memory is not None:
            lengths = np.diff(starts).tolist()
            h = torch.nn.utils.rnn.pad_sequence(list(h.split(lengths)), batch_first=True)
            h, _ = self.step_memory(h, self._tensor(memory))
            h = torch.cat([one[:length] for one, length in zip(h, lengths, strict=True)])
        extra_logp: torch.Tensor | float = 0.0
        extra_entropy: torch.Tensor | float = 0.0
        tags = None
        if self.tags:
            tag_logits = torch.log_softmax(self.tag_score(h), dim=-1)
            tags = self._tensor(steps.tags)
            extra_logp = tag_logits.gather(1, tags[:, None]).squeeze(1)
            extra_entropy = -(tag_logits.exp() * tag_logits).sum(-1)
        looks, value, _ = self._judge(steps, h, texts, tags)
        size, chosen = len(steps.choices), steps.starts[:-1] + steps.choices
        logp = looks[self._tensor(chosen)] - self._tensor(steps.log_counts[chosen])
        # The actions of one look share its probability evenly.
        share = looks.exp() * (looks - self._tensor(steps.log_counts))
        entropy = -share.new_zeros(size).index_add(0, self._rows(steps), share)
        return Evaluation(logp + extra_logp, entropy + extra_entropy, value)

    def _read(self, pack: TextPack) -> tuple[torch.Tensor, torch.Tensor]:
        """Return situation vectors (B, D), without what a memory of the policy's own adds, and looks' words (P, D)."""
        bags, size = pack.situations + pack.looks, len(pack.choices)
        means = mean_bags(self.words.weight, self._tensor(bags.words), self._tensor(bags.starts))
        own, texts = means.split([size * pack.parts, len(means) - size * pack.parts])
        read, last = own.view(size, -1).split([3 * self.width, (pack.parts - 3) * self.width], dim=1)
        h = self.situation(read)
        if self.step_memory is not None:
            h = h + self.last(last)
        if pack.hints is not None:
            hints = self._tensor(pack.hints)
            tag = hints[:, 0].long()
            before = self.tag_vector((tag - 1).clamp(min=0)) * (tag > 0)[:, None]
            h = h + self.hint(torch.cat([before, hints[:, 1:]], dim=-1))
        return h, texts

    def _judge(
        self, pack: TextPack, h: torch.Tensor, texts: torch.Tensor, tags: torch.Tensor | None
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return log-probabilities of looks (M,), values (B,) and the vectors of looks (P, D).

        The tag is part of the choice, so the value, which the choice is measured against, does not know it.
        """
        width, row, which = self.width, self._rows(pack), self._tensor(pack.which)
        a = torch.relu(self.text(texts) + self.flags(self._tensor(pack.flags)))
        alone, both = self.score_a.weight.split(width, dim=1)
        mine = a.index_select(0, which)
        asked = h if tags is None else h + self.tag_vector(tags)
        known = self.score_h(asked).index_select(0, row) + (a @ alone.T).index_select(0, which)
        hidden = torch.relu(torch.addmm(known, asked.index_select(0, row) * mine, both.T))
        scores = self.score(hidden).squeeze(-1) + self._tensor(pack.log_counts)
        column = self._tensor(np.arange(pack.starts[-1]) - np.repeat(pack.starts[:-1], np.diff(pack.starts)))
        table = scores.new_full((len(h), int(np.diff(pack.starts).max())), -torch.inf)
        looks = torch.log_softmax(table.index_put((row, column), scores), dim=-1)[row, column]
        best = most(mine, row, len(h))
        value = self.value(torch.cat([h, best], dim=-1)).squeeze(-1)
        return looks, value, a

    def _spread(self, inputs: Sequence[TextInputs], pack: TextPack, looks: torch.Tensor) -> torch.Tensor:
        """Return log-probabilities of actions (B, A), -inf where there is none, from those of their looks (M,)."""
        counts = np.array([len(one.which) for one in inputs])
        rows = np.repeat(np.arange(len(counts)), counts)
        columns = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        each = looks - self._tensor(pack.log_counts)
        mine = each[self._tensor(np.concatenate([one.which for one in inputs]) + pack.starts[rows])]
        logits = looks.new_full((len(counts), int(counts.max())), -torch.inf)
        return logits.index_put((self._tensor(rows), self._tensor(columns)), mine)

    def _pack(
        self,
        inputs: Sequence[TextInputs],
        choices: Sequence[int] | None = None,
        tags: np.ndarray | None = None,
        hints: np.ndarray | None = None,
    ) -> TextPack:
        return TextPack.of(inputs, self._parts, choices, tags, hints, with_last=self.step_memory is not None)

    def _rows(self, pack: TextPack) -> torch.Tensor:
        """Return the situation of each look, (M,)."""
        return self._tensor(np.repeat(np.arange(len(pack.choices)), np.diff(pack.starts)))

    def _note(self, inputs: Sequence[TextInputs], state: torch.Tensor | None, hints: np.ndarray | None) -> None:
        """Write what the policy has in mind into the inputs, so that the step can be evaluated on its own."""
        if state is None and hints is None:
            return
        kept = None if state is None else state.cpu().numpy()
        for row in range(len(inputs)):
            mind = {} if kept is None else {"memory": kept[row].copy()}
            if hints is not None:
                mind["hints"] = hints[row].copy()
            inputs[row] = inputs[row]._replace(state=mind)  # type: ignore[index]

    def _tensor(self, array: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(np.ascontiguousarray(array)).to(self.device, non_blocking=True)


def _draw(logits: torch.Tensor, generator: torch.Generator, greedy: bool) -> torch.Tensor:
    """Return a column of each row of log-probabilities (B, A), drawn or the likeliest."""
    if greedy:
        return logits.argmax(-1)
    return torch.multinomial(logits.exp(), 1, generator=generator).squeeze(1)

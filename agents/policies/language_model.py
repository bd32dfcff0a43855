"""A causal language model of `transformers`, made or loaded, that scores every continuation of a prompt at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from .token_tree import TokenTree, token_tree
from .tokens import Tokens, optional

__all__ = ["LanguageModel"]

ACCELERATORS = ("cuda",)
"""Kinds of devices on which half precision and compilation are worth it."""

HIDDEN = -1e9
"""Added to the attention score of what must not be seen."""


class LanguageModel(nn.Module):
    """Log-probabilities of whole continuations, and the state of the model after the prompt.

    All continuations of a prompt are read in one pass, as a tree behind it: the attention mask lets a token see the
    prompt and the tokens above it only. So the keys and values of the prompt are computed once for all of them, and
    those of a shared beginning ("take mug 1 from ...") once for all that share it.

    Args:
        model: name or path of a model; or the configuration of a new one with random weights, as plain data:
            `model_type` and what `transformers` knows of that type.
        tokens: the tokenizer.
        seed: of random weights.
        lora_rank: 0 trains all weights. Otherwise they are frozen, and each linear layer but the output learns an
            addition 2 B A to its weights, the product of two matrices of this rank (LoRA, Hu et al., 2021), at first 0.
        bf16: multiply in bfloat16 on a GPU; frozen weights are then kept in it, too.
        compile: compile the model on a GPU, for any length of prompts.

    Raises:
        ImportError: `transformers`, or `peft` for LoRA, is not installed.
        ValueError: the tokenizer has more ids than the model, or the model does not take a tree.
    """

    def __init__(
        self,
        model: str | Mapping[str, Any],
        tokens: Tokens,
        seed: int = 0,
        lora_rank: int = 0,
        bf16: bool = False,
        compile: bool = False,
    ):
        super().__init__()
        self.lora_rank, self.bf16, self.compiled, self._settled = lora_rank, bf16, compile, False
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.net = _make(model, tokens.size)
            if lora_rank:
                _add_adapters(self.net, lora_rank)
        self.width = int(self.net.config.hidden_size)
        self.net.eval()
        size = self.net.get_input_embeddings().weight.shape[0]
        if size < tokens.size:
            raise ValueError(f"the tokenizer has {tokens.size} ids, but the model knows {size}")
        self._check(tokens.size)

    def train(self, mode: bool = True) -> LanguageModel:
        """Stay in the mode without dropout: a policy that acts must be the one that learns."""
        return super().train(False)

    def forward(
        self, prompts: Sequence[Sequence[int]], continuations: Sequence[Sequence[tuple[int, ...]]]
    ) -> tuple[list[torch.Tensor], torch.Tensor]:
        """Read B prompts, each with its continuations, none of which begins another of the same prompt.

        Returns:
            log-probabilities of the continuations, B tensors (A_b,) in float32, and the states after the prompts
            (B, width).
        """
        self._settle()
        trees = [token_tree(tuple(one)) for one in continuations]
        longest = max(map(len, prompts))
        hidden = self._read(prompts, trees, longest)
        sizes = [1 + len(tree.tokens) for tree in trees]
        nodes = torch.cat([hidden[row, longest - 1 : longest - 1 + size] for row, size in enumerate(sizes)])
        starts = np.cumsum([0, *sizes[:-1]])
        source = np.concatenate([tree.edge_from + start for tree, start in zip(trees, starts, strict=True)])
        target = np.concatenate([tree.edge_token for tree in trees])
        edges = torch.cat([self._edges(nodes, source, target), hidden.new_zeros(1, dtype=torch.float32)])
        scores, before = [], 0
        for tree in trees:
            count = len(tree.edge_from)
            paths = np.where(tree.paths == count, len(source), tree.paths + before)  # padding: the zero at the end
            scores.append(edges[torch.from_numpy(paths).to(edges.device)].sum(-1))
            before += count
        return scores, hidden[:, longest - 1].float()

    def _read(self, prompts: Sequence[Sequence[int]], trees: Sequence[TokenTree], longest: int) -> torch.Tensor:
        """Return the last hidden states (B, T, width): prompts end at `longest`, the nodes of their trees follow."""
        total = longest + max(len(tree.tokens) for tree in trees)
        ids = np.zeros((len(prompts), total), np.int64)
        positions = np.zeros((len(prompts), total), np.int64)
        sees = np.zeros((len(prompts), total, total), bool)
        sees[:, range(total), range(total)] = True  # padding sees itself: a softmax over nothing is no number
        for row, (prompt, tree) in enumerate(zip(prompts, trees, strict=True)):
            size, begin, end = len(prompt), longest - len(prompt), longest + len(tree.tokens)
            ids[row, begin:longest], ids[row, longest:end] = prompt, tree.tokens
            positions[row, begin:longest], positions[row, longest:end] = range(size), size + tree.depths
            sees[row, begin:longest, begin:longest] = np.tri(size, dtype=bool)
            sees[row, longest:end, begin:longest] = True
            sees[row, longest:end, longest:end] = tree.sees
        device = next(self.net.parameters()).device
        mask = torch.from_numpy(sees).to(device)[:, None]
        bias = torch.zeros(mask.shape, dtype=self._dtype(), device=device).masked_fill_(~mask, HIDDEN)
        with torch.autocast(device.type, torch.bfloat16, enabled=self.bf16 and device.type in ACCELERATORS):
            return self.net.base_model(
                input_ids=torch.from_numpy(ids).to(device),
                attention_mask=bias,
                position_ids=torch.from_numpy(positions).to(device),
                use_cache=False,
            ).last_hidden_state

    def _edges(self, nodes: torch.Tensor, source: np.ndarray, target: np.ndarray, chunk: int = 1024) -> torch.Tensor:
        """Return the log-probabilities (E,) of tokens `target` after nodes `source` of (M, width).

        A vocabulary of 150,000 times some thousand nodes does not fit into memory, so it is done in parts.
        """
        order = np.argsort(source, kind="stable")
        parts = []
        for begin in range(0, len(nodes), chunk):
            edges = order[np.searchsorted(source[order], begin) : np.searchsorted(source[order], begin + chunk)]
            arguments = (
                nodes[begin : begin + chunk],
                torch.from_numpy(source[edges] - begin).to(nodes.device),
                torch.from_numpy(target[edges]).to(nodes.device),
            )
            if len(nodes) > chunk and torch.is_grad_enabled():
                parts.append(checkpoint(self._next, *arguments, use_reentrant=False))
            else:
                parts.append(self._next(*arguments))
        back = torch.from_numpy(np.argsort(order, kind="stable")).to(nodes.device)
        return torch.cat(parts)[back]

    def _next(self, nodes: torch.Tensor, source: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        kind = nodes.device.type
        with torch.autocast(kind, torch.bfloat16, enabled=self.bf16 and kind in ACCELERATORS):
            logits = self.net.get_output_embeddings()(nodes.to(self._dtype())).float()
        return logits[source, target] - torch.logsumexp(logits, dim=-1)[source]

    def _dtype(self) -> torch.dtype:
        return self.net.get_output_embeddings().weight.dtype

    def _settle(self) -> None:
        """Prepare for a GPU, the first time that the model is used on one."""
        if self._settled or next(self.net.parameters()).device.type not in ACCELERATORS:
            return
        self._settled = True
        if self.bf16 and self.lora_rank:
            for parameter in self.net.parameters():
                if not parameter.requires_grad:
                    parameter.data = parameter.data.to(torch.bfloat16)
        if self.compiled:
            self.net.base_model.compile(dynamic=True)

    @torch.no_grad()
    def _check(self, size: int) -> None:
        """Raise if a tree gives other numbers than the model itself: its attention or output is of another kind."""
        if size < 8:
            return
        prompt, lines = [1, 2, 3], [(4, 5, 0), (4, 6, 0), (7,)]
        kind = self.net.config.model_type
        takes = "it takes full attention and plain logits, as in GPT-2, Llama, Qwen2, Qwen3 or SmolLM"
        try:
            (found,), _ = self([prompt], [lines])
            plain = torch.stack([self._plain(prompt, line) for line in lines])
        except (AttributeError, IndexError, RuntimeError, TypeError) as error:
            raise ValueError(f"a model of type {kind!r} cannot read a tree of actions: {takes}") from error
        if not torch.allclose(plain, found, rtol=1e-3, atol=1e-3):
            raise ValueError(
                f"a model of type {kind!r} scores a tree of actions as {found.tolist()}, "
                f"and one after the other as {plain.tolist()}: {takes}"
            )

    def _plain(self, prompt: Sequence[int], line: Sequence[int]) -> torch.Tensor:
        ids = torch.tensor([[*prompt, *line]])
        logits = torch.log_softmax(self.net(input_ids=ids, use_cache=False).logits[0].float(), dim=-1)
        return logits[len(prompt) - 1 : -1].gather(1, ids[0, len(prompt) :, None]).sum()


def _make(model: str | Mapping[str, Any], size: int) -> Any:
    transformers = optional("transformers")
    if isinstance(model, str):
        return transformers.AutoModelForCausalLM.from_pretrained(model).float()
    config = transformers.AutoConfig.for_model(**{"vocab_size": size, **model})
    return transformers.AutoModelForCausalLM.from_config(config)


def _add_adapters(net: Any, rank: int) -> None:
    """Freeze a model and give every linear layer, the output apart, an addition of low rank that learns."""
    peft, turned = optional("peft"), optional("transformers.pytorch_utils").Conv1D
    layers = {name: part for name, part in net.base_model.named_modules() if isinstance(part, (nn.Linear, turned))}
    targets = sorted({name.rpartition(".")[2] for name in layers})
    flipped = any(isinstance(part, turned) for part in layers.values())
    settings = peft.LoraConfig(
        r=rank, lora_alpha=2 * rank, lora_dropout=0.0, target_modules=targets, fan_in_fan_out=flipped
    )
    peft.inject_adapter_in_model(settings, net)
    for name, parameter in net.named_parameters():
        parameter.requires_grad_("lora_" in name)

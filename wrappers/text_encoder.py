"""Text as arrays: hashed words of the situation and of every admissible action, for policies that take numbers."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.utils import RecordConstructorArgs
from gymnasium.vector import VectorEnv, VectorWrapper
from gymnasium.vector.utils import batch_space

from ..core.names import check_name
from .text_memory import MEMORIES, TextMemory, memory_of

__all__ = ["EncodeText", "EncodeTextVector", "TextEncoder", "TextSpace"]

PAD = 0


class TextSpace(gym.spaces.Dict):
    """The arrays of one encoded situation; the space remembers which memory wrote them.

    A saved policy keeps its observation space, so it finds the memory that it was trained with again.

    Args:
        max_actions, vocabulary, max_words: see `TextEncoder`.
        memory: the name of a memory.
    """

    def __init__(self, max_actions: int, vocabulary: int, max_words: int, memory: str):
        kind = MEMORIES[memory]
        self.memory, self.vocabulary = memory, vocabulary

        def ids(*shape: int) -> gym.spaces.Box:
            return gym.spaces.Box(0, vocabulary - 1, shape, dtype=np.int32)

        super().__init__(
            {
                "goal": ids(kind.GOAL),
                "hand": ids(kind.HELD),
                "observation": ids(max_words),
                "actions": ids(max_actions, kind.ACTION),
                "flags": gym.spaces.Box(0.0, 1.0, (max_actions, len(kind.FLAGS)), dtype=np.float32),
                "mask": gym.spaces.Box(0, 1, (max_actions,), dtype=np.int8),
            }
        )


class TextEncoder:
    """Encodes B text situations with a `TextMemory` each.

    Args:
        num_rows: B.
        max_actions: admissible actions that fit; more are an error, never dropped.
        vocabulary: number of hash buckets; bucket 0 is padding.
        max_words: words of the situation that are kept, the last ones.
        memory: the name of a memory. It decides how many words of the goal, of what is held and of an action are
            kept (G, H and K below) and which F flags an action has.

    The encoding is a dict of arrays, A = max_actions:
        goal (B, G), hand (B, H), observation (B, max_words): word ids, padded with 0.
        actions (B, A, K): ids of the words that describe each action.
        flags (B, A, F): see the memory's `FLAGS`.
        mask (B, A): 1 where there is an action.
    """

    def __init__(
        self,
        num_rows: int = 1,
        max_actions: int = 96,
        vocabulary: int = 8192,
        max_words: int = 48,
        memory: str = "plain",
    ):
        self.max_actions, self.vocabulary, self.max_words = max_actions, vocabulary, max_words
        self.memory = MEMORIES[memory]
        self._memory: list[TextMemory | None] = [None] * num_rows
        self.arrays: dict[str, np.ndarray] = {
            key: np.zeros((num_rows, *(box.shape or ())), dtype=box.dtype) for key, box in self.space.spaces.items()
        }

    @property
    def space(self) -> TextSpace:
        """The space of one row."""
        return TextSpace(self.max_actions, self.vocabulary, self.max_words, self.memory.name)

    def start(self, row: int, observation: str, admissible: Sequence[str]) -> None:
        """Begin an episode in a row."""
        memory = self._memory[row] = self.memory(observation, admissible)
        _fill(self.arrays["goal"][row], self._ids(memory.goal))
        self._write(row, memory, admissible)

    def step(self, row: int, action: str, observation: str, admissible: Sequence[str]) -> None:
        """Note a step of a row."""
        memory = self._memory[row]
        if memory is None:
            raise RuntimeError(f"TextEncoder: row {row} has not been started")
        memory.update(action, observation, admissible)
        self._write(row, memory, admissible)

    def _ids(self, texts: Sequence[str]) -> list[int]:
        return [_bucket(text, self.vocabulary) for text in texts]

    def _write(self, row: int, memory: TextMemory, admissible: Sequence[str]) -> None:
        count = len(admissible)
        if count > self.max_actions:
            raise ValueError(
                f"{count} actions are admissible, but the encoder holds {self.max_actions}: raise max_actions"
            )
        _fill(self.arrays["hand"][row], self._ids(memory.held))
        _fill(self.arrays["observation"][row], self._ids(memory.situation()[-self.max_words :]))
        actions, flags, mask = (self.arrays[key][row] for key in ("actions", "flags", "mask"))
        if count:
            length = memory.ACTION
            ids = b"".join([_row(memory.describe(action), self.vocabulary, length) for action in admissible])
            actions[:count] = np.frombuffer(ids, np.int32).reshape(count, length)
            flags[:count] = memory.flag_rows(admissible)
        actions[count:], flags[count:] = PAD, 0.0
        mask[:count], mask[count:] = 1, 0


@lru_cache(maxsize=65536)
def _bucket(text: str, vocabulary: int) -> int:
    return 1 + zlib.crc32(text.encode()) % (vocabulary - 1)


@lru_cache(maxsize=65536)
def _row(description: tuple[str, ...], vocabulary: int, length: int) -> bytes:
    """Return the word ids of a description as the bytes of an int32 array: those of many actions join fast."""
    row = np.zeros(length, dtype=np.int32)
    _fill(row, [_bucket(text, vocabulary) for text in description[:length]])
    return row.tobytes()


class EncodeText(gym.Wrapper, RecordConstructorArgs):
    """Makes a text env an env of arrays: a Dict observation, and actions as indices into the admissible ones.

    `action_masks()` is what sb3-contrib's MaskablePPO asks for.

    Args:
        env: a text env with `info["admissible_actions"]`.
        max_actions, vocabulary, max_words: see `TextEncoder`.
        on_invalid, memory: see `EncodeTextVector`.
    """

    def __init__(
        self,
        env: gym.Env,
        max_actions: int = 96,
        vocabulary: int = 8192,
        max_words: int = 48,
        on_invalid: str = "error",
        memory: str | None = None,
    ):
        RecordConstructorArgs.__init__(
            self,
            max_actions=max_actions,
            vocabulary=vocabulary,
            max_words=max_words,
            on_invalid=on_invalid,
            memory=memory,
        )
        gym.Wrapper.__init__(self, env)
        self.on_invalid = _check_on_invalid(on_invalid)
        self.encoder = TextEncoder(1, max_actions, vocabulary, max_words, memory_of(env.metadata, memory))
        self.observation_space = self.encoder.space
        self.action_space = gym.spaces.Discrete(max_actions)
        self._admissible: list[str] = []

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Reset the env and the memory."""
        obs, info = self.env.reset(seed=seed, options=options)
        self._admissible = info["admissible_actions"]
        self.encoder.start(0, obs, self._admissible)
        return self._encoding(), info

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """Take the action with this index."""
        command = _command(self._admissible, int(action), self.on_invalid)
        obs, reward, terminated, truncated, info = self.env.step(command)
        self._admissible = info["admissible_actions"]
        self.encoder.step(0, command, obs, self._admissible)
        return self._encoding(), reward, terminated, truncated, info

    def action_masks(self) -> np.ndarray:
        """Return which indices are actions, bool (max_actions,)."""
        return self.encoder.arrays["mask"][0].astype(bool)

    def _encoding(self) -> dict[str, np.ndarray]:
        return {key: value[0].copy() for key, value in self.encoder.arrays.items()}


class EncodeTextVector(VectorWrapper):
    """`EncodeText` for a vector env; equal to it row by row.

    Args:
        env: a vector text env that does not reset in the same step.
        max_actions, vocabulary, max_words: see `TextEncoder`.
        on_invalid: what an index without an action does: "error", or "nothing" for algorithms that know no masks;
            it then costs a step like any command that is not understood.
        memory: the name of a memory; by default the one that `env.metadata["text_memory"]` names, or else "plain".
    """

    def __init__(
        self,
        env: VectorEnv,
        max_actions: int = 96,
        vocabulary: int = 8192,
        max_words: int = 48,
        on_invalid: str = "error",
        memory: str | None = None,
    ):
        super().__init__(env)
        self.on_invalid = _check_on_invalid(on_invalid)
        self.encoder = TextEncoder(env.num_envs, max_actions, vocabulary, max_words, memory_of(env.metadata, memory))
        self.single_observation_space = self.encoder.space
        self.single_action_space = gym.spaces.Discrete(max_actions)
        self.observation_space = batch_space(self.single_observation_space, env.num_envs)
        self.action_space = batch_space(self.single_action_space, env.num_envs)
        self._admissible: list[list[str]] = [[] for _ in range(env.num_envs)]
        self._over = np.zeros(env.num_envs, dtype=bool)

    def reset(self, *, seed: Any = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Reset the envs, or those of `options["reset_mask"]`."""
        mask = (options or {}).get("reset_mask")
        obs, info = self.env.reset(seed=seed, options=options)
        for row in range(self.num_envs) if mask is None else np.flatnonzero(mask).tolist():
            self._start(row, obs, info)
        return self._encoding(), info

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """Take the actions with these indices, (num_envs,)."""
        commands = [
            "" if over else _command(self._admissible[row], index, self.on_invalid)
            for row, (index, over) in enumerate(zip(np.asarray(actions).tolist(), self._over, strict=True))
        ]
        obs, reward, terminated, truncated, info = self.env.step(commands)
        for row, command in enumerate(commands):
            if self._over[row]:
                self._start(row, obs, info)
            else:
                self._admissible[row] = info["admissible_actions"][row]
                self.encoder.step(row, command, obs[row], self._admissible[row])
        self._over = terminated | truncated
        return self._encoding(), reward, terminated, truncated, info

    def action_masks(self) -> np.ndarray:
        """Return which indices are actions, bool (num_envs, max_actions)."""
        return self.encoder.arrays["mask"].astype(bool)

    def _start(self, row: int, obs: Sequence[str], info: Mapping[str, Any]) -> None:
        self._over[row] = False
        self._admissible[row] = info["admissible_actions"][row]
        self.encoder.start(row, obs[row], self._admissible[row])

    def _encoding(self) -> dict[str, np.ndarray]:
        return {key: value.copy() for key, value in self.encoder.arrays.items()}


def _check_on_invalid(on_invalid: str) -> str:
    return check_name("way to treat invalid actions", on_invalid, ("error", "nothing"))


def _command(admissible: Sequence[str], index: int, on_invalid: str) -> str:
    if not 0 <= index < len(admissible):
        if on_invalid == "nothing":
            return ""
        raise ValueError(f"action index {index} is not one of the {len(admissible)} admissible actions; use the mask")
    return admissible[index]


def _fill(target: np.ndarray, ids: Sequence[int]) -> None:
    count = min(len(ids), len(target))
    target[:count], target[count:] = ids[:count], PAD

"""The states of torch's random generators, on the CPU and on the device that a policy lives on."""

from __future__ import annotations

from typing import Any

import torch

__all__ = ["isolated", "random_state", "set_random_state"]


def isolated(device: torch.device) -> Any:
    """Return a context after which the random generators of the CPU and of `device` are as they were before."""
    return torch.random.fork_rng(devices=[device] if device.type == "cuda" else [])


def random_state(device: torch.device) -> list[torch.Tensor]:
    """Return the states of the random generators of the CPU and of `device`."""
    return [torch.get_rng_state(), *([torch.cuda.get_rng_state(device)] if device.type == "cuda" else [])]


def set_random_state(device: torch.device, state: list[torch.Tensor]) -> None:
    """Put the generators back into states that `random_state` returned."""
    torch.set_rng_state(state[0])
    if len(state) > 1:
        torch.cuda.set_rng_state(state[1], device)

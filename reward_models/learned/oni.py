"""learned/oni-v1: pays for steps whose captions somebody calls helpful, and learns from the answers while it pays."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, get_args

import numpy as np

from ...core.names import check_name
from ...core.random import derive_seed
from ...core.transition import Transition
from ..base import register
from ..fingerprint import code_of
from .annotators import Annotator, KeywordAnnotator, NoisyAnnotator
from .caption_book import CaptionBook
from .caption_net import CaptionNet
from .captions.base import AUTO, CAPTIONS, LENGTH, Captions, automatic, find_captions
from .label_thread import LabelThread
from .online import OnlineReward
from .preference_loss import preference_loss
from .running import RunningMoments
from .similarity import similarity

__all__ = ["OnlineCaptions"]

Mode = Literal["retrieval", "classification", "ranking", "cosine"]
Seen = tuple[list[str], np.ndarray, list[str]]


@register
@dataclass
class OnlineCaptions(OnlineReward):
    """Pays for what a step did, told in a caption, if an annotator finds it helpful.

        r = alpha * worth(caption) / N^beta       N = how often the caption was met in this episode, with this step

    Captions that are new wait in a queue, the latest batch first. Every `every` steps up to `batch` of them are
    labelled, and the `worth` is learned from all labels:

        retrieval       the label of the caption, 1 or 0; 0 as long as it has none
        classification  1[P(helpful) > 1/2], a network over letters, cross entropy
        ranking         z 1[z > epsilon], z = (f - mean) / std; f learned from pairs of captions (Bradley-Terry, a tie
                        is 1/2), mean and std over the steps so far
        cosine          c 1[c > epsilon], c the cosine of the words of the caption and of the task; nobody is asked

    One book serves all slots of a vector env. After `max_labels` labels nobody is asked and nothing is learned.
    The paper's r = alpha_ext r_env + alpha r is written as a sum: "household/success-v1 + 0.4 * learned/oni-v1".

    Wants: what the annotator wants: intermediate steps that a reader recognises, in a world whose reward is rare.
    Gamed by: whatever reads well: doing and undoing a helpful thing again and again: N times pay sum_n 1 / n^beta, less
    than zeta(beta) for each caption of an episode if beta > 1, and without end if beta <= 1. Wordings that are new each
    time escape N; a label or a network that errs about them pays in full. Whether the task was solved is never asked.
    Source: Zheng, Henaff, Zhang, Grover and Amos, "Online Intrinsic Rewards for Decision Making Agents from Large
    Language Model Feedback" (ONI, arXiv 2410.23022, 2024), code of facebookresearch/oni; ranking and the decay after
    Motif (arXiv 2310.00166, 2023); "cosine" after ELLM (arXiv 2302.06692, 2023), with bags of words for its sentence
    encoder and the task for its suggestions.
    Status: the equation, the three modes, the queue and the constants from notes on that code; epsilon, beta and the
    network are our own. Theirs: batch 256, rate 1e-4, 32 gradient steps an update, 25000 labels, 10000 captions to draw
    pairs from, 100 a query. Here runs are a thousandth as long, so the rate is 3e-3, with 16 steps on 64 labels after
    512 steps of the agent; at 1e-3 networks are too slow to tell the rare helpful captions apart in 20000.
    Traps: payments change as labels come, so a replay of old payments is stale. In "ranking" the mean and std are of
    all steps, those included that were scored by a younger network. It asks for more labels than the others: pairs,
    `batch` in each round. With `asynchronous` the answers arrive when they arrive: such runs are not reproducible bit
    by bit, and a checkpoint asks again what was being asked. Without it a run is reproducible and resumes exactly.
    Version history: v1.

    Args:
        every, warm_up, normalise, discount, clip, seed: as in `OnlineReward`.
        mode: see above.
        labeler: "keywords" (see `KeywordAnnotator`), or a language model, see `guerdon.reward_models.language.opening`.
            A Python object can be given to `use`.
        keywords: the regular expression; the world's own if empty.
        noise: share of wrong labels, see `NoisyAnnotator`; for studies.
        captions: "auto" for captions of the world that the first observation is of, from observations and actions; or
            the name of a world in `CAPTIONS`, such as "manipulation", whose captions read the state.
        alpha, beta, epsilon: see above; above 0, at least 0.
        asynchronous: label in a thread, as published, while the agent goes on; nothing waits for an answer.
        batch: captions or pairs that are asked about at once.
        max_labels: see above.
        rate, minibatch, updates: Adam's rate; labels of a gradient step; gradient steps of a round.
    """

    every: int = 512
    mode: Mode = "retrieval"
    labeler: str = "keywords"
    keywords: str = ""
    noise: float = 0.0
    captions: str = AUTO
    alpha: float = 1.0
    beta: float = 1.0
    epsilon: float = 0.5
    asynchronous: bool = False
    batch: int = 100
    max_labels: int = 25_000
    rate: float = 3e-3
    minibatch: int = 64
    updates: int = 16
    id: ClassVar[str] = "learned/oni-v1"
    term: ClassVar[str] = "helpful"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_name("mode", self.mode, get_args(Mode), self.id)
        numbers = {"batch": self.batch, "max_labels": self.max_labels, "minibatch": self.minibatch}
        for name, value in numbers.items():
            if value < 1:
                raise ValueError(f"{self.id}: {name} is {value}, not at least 1")
        if not self.alpha > 0 or not self.beta >= 0 or not 0 <= self.noise <= 1:
            raise ValueError(
                f"{self.id}: alpha must be above 0, beta at least 0 and noise in [0, 1], not {self.alpha}, {self.beta} "
                f"and {self.noise}"
            )
        self._captions: Captions | None = None
        if self.captions != AUTO:
            self._captions = CAPTIONS[self.captions]
            self.reads = self._captions.reads  # type: ignore[misc]
        self._given: Annotator | None = None
        self._annotator: Annotator | None = None
        self._thread: LabelThread | None = None
        self._book, self._moments = CaptionBook(), RunningMoments()
        self._net: CaptionNet | None = None
        self._tasks: dict[int, str] = {}
        self._met: dict[int, Counter[str]] = {}
        self._known: dict[str, float] = {}  # what the network says of captions, until it learns
        self._over = self.mode == "cosine"

    @property
    def hash(self) -> str:
        """Over the parameters and the code, also that of captions, which are found by name, and of who labels."""
        told: list[Any] = [one.tell for one in (automatic() if self.captions == AUTO else [CAPTIONS[self.captions]])]
        if self.labeler != "keywords":
            from ..language.caption_annotator import LanguageAnnotator

            told.append(LanguageAnnotator)
        text = super().hash + "".join(map(code_of, told))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def use(self, annotator: Annotator) -> OnlineCaptions:
        """Let somebody else label; return the reward. To be saved with the reward, the annotator has to pickle."""
        self._given, self._annotator, self._thread = annotator, None, None
        return self

    def wait(self) -> None:
        """Wait until the thread has answered what it was asked; raise what went wrong in it."""
        if self._thread is not None:
            self._thread.wait()

    def begin_episodes(self, start: Transition) -> None:
        """Begin episodes: no caption has been met in them."""
        first = start.next_obs if "obs" in self.reads else None
        if self._captions is None:
            self._captions = find_captions(None if isinstance(first, Mapping) or first is None else first[0])
        for at, row in enumerate(start.rows.tolist()):
            text = first[at] if first is not None and not isinstance(first, Mapping) else ""
            self._tasks[row] = self._captions.task(text) if isinstance(text, str) else ""
            self._met[row] = Counter()

    def see(self, transition: Transition) -> Seen:
        """Return captions, how often each was met in its episode, and the tasks."""
        assert self._captions is not None
        rows = transition.rows.tolist()
        tasks = [self._tasks[row] for row in rows]
        captions = self._captions.tell(transition, tasks)
        for row, caption in zip(rows, captions, strict=True):
            self._met[row][caption] += 1
        times = [self._met[row][caption] for row, caption in zip(rows, captions, strict=True)]
        return captions, np.array(times, dtype=float), tasks

    def worth(self, seen: Seen) -> np.ndarray:
        """Return what steps are worth, (B,)."""
        captions, times, tasks = seen
        said = np.array([caption != "" for caption in captions])
        return np.where(said, self.alpha * self._helpful(captions, tasks) / times**self.beta, 0.0)

    def keep(self, seen: Seen) -> None:
        """Let new captions wait for their labels."""
        if self._over:
            return
        self._book.offer(seen[0])
        if self.mode == "ranking" and self._net is not None:
            self._moments.update(self._scores(seen[0])[:, None])

    def learn(self, number: int) -> dict[str, float]:
        """Have captions labelled, or see to it that they are, and learn from all labels."""
        if self._over:
            return self.figures
        book = self._book
        if self.asynchronous:
            self._awake().wake()
        else:
            _annotate(book, self._asked(), self.mode, self.batch, self.max_labels, self.seed)
        with book.lock:
            labels, pairs, count = list(book.labels.items()), list(book.pairs), book.count
        figures = {"labels": float(count), "waiting": float(len(book))}
        if labels:
            figures["share helpful"] = float(np.mean([y for _, y in labels]))
        examples = pairs if self.mode == "ranking" else labels
        if examples and self.mode != "retrieval":
            figures["loss"] = self._fit(examples, np.random.default_rng(self.generator_seed(number)))
        self._over = count >= self.max_labels
        return figures

    def forget(self) -> None:
        """Let go of the annotator and the thread."""
        self._given = self._annotator = self._thread = None

    def _helpful(self, captions: list[str], tasks: list[str]) -> np.ndarray:
        if self.mode == "cosine":
            found = np.array([similarity(*both) for both in zip(captions, tasks, strict=True)])
            return np.where(found > self.epsilon, found, 0.0)
        if self.mode == "retrieval":
            with self._book.lock:
                return np.array([self._book.labels.get(caption, 0.0) for caption in captions])
        if self._net is None:
            return np.zeros(len(captions))
        scores = self._scores(captions)
        if self.mode == "classification":
            return (scores > 0).astype(float)
        if not self._moments.count:
            return np.zeros(len(captions))
        scores = (scores - float(self._moments.mean[0])) / float(self._moments.std[0])
        return np.where(scores > self.epsilon, scores, 0.0)

    def _scores(self, captions: list[str]) -> np.ndarray:
        assert self._net is not None
        new = [caption for caption in dict.fromkeys(captions) if caption not in self._known]
        if new:
            # One by one: what a caption is paid must not depend on whom it came with.
            self._known |= {caption: self._net.values([caption])[0] for caption in new}
        return np.array([self._known[caption] for caption in captions])

    def _fit(self, examples: Sequence[tuple[Any, ...]], rng: np.random.Generator) -> float:
        import torch

        if self._net is None:
            self._net = CaptionNet(LENGTH, self.rate, derive_seed(self.seed, self.id, "net"))
        net, self._known = self._net, {}
        *texts, labels = zip(*examples, strict=True)
        letters, wanted = [net.letters(one) for one in texts], np.array(labels, dtype=np.float32)
        losses = []
        for _ in range(self.updates):
            drawn = rng.integers(len(wanted), size=self.minibatch)
            outputs, target = [net(one[drawn]) for one in letters], torch.from_numpy(wanted[drawn])
            if self.mode == "ranking":
                loss = preference_loss(outputs[0], outputs[1], target)
            else:
                loss = torch.nn.functional.binary_cross_entropy_with_logits(outputs[0], target)
            losses.append(net.step(loss))
        return float(np.mean(losses))

    def _asked(self) -> Annotator:
        """Return who labels."""
        assert self._captions is not None
        if self._annotator is None:
            known: Annotator | None = self._given
            if known is None and self.labeler == "keywords":
                known = KeywordAnnotator(self.keywords or self._captions.helpful)
            if known is None:
                from ..language.caption_annotator import LanguageAnnotator
                from ..language.opening import open_backend

                known = LanguageAnnotator(open_backend(self.labeler), self._captions.about)
            self._annotator = NoisyAnnotator(known, self.noise, self.seed) if self.noise else known
        return self._annotator

    def _awake(self) -> LabelThread:
        if self._thread is None:
            book, asked = self._book, self._asked()
            mode, batch, most, seed = self.mode, self.batch, self.max_labels, self.seed
            # Nothing here holds the reward, so that the thread ends with it.
            self._thread = LabelThread(lambda: _annotate(book, asked, mode, batch, most, seed))
        return self._thread

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is made anew: the thread, and the annotator that is named by a field."""
        return {**vars(self), "_thread": None, "_annotator": None}


def _annotate(book: CaptionBook, annotator: Annotator, mode: Mode, batch: int, most: int, seed: int) -> bool:
    """Have one batch labelled; return whether captions are waiting still."""
    size = min(batch, most - book.count)
    captions = book.take(size) if size > 0 else []
    try:
        if mode == "ranking" and size > 0:
            rng = np.random.default_rng(derive_seed(seed, "partners", book.passes))
            pairs = book.partners(captions, size, rng)
            book.record_pairs(pairs, annotator.compare(pairs) if pairs else np.zeros(0))
        elif captions:
            book.record_labels(captions, annotator.label(captions))
    except Exception:
        book.give_back()
        raise
    return book.count < most and len(book) > 0

"""How a guide learns to name pictures that an attack has changed, batch by batch.

Each picture of a batch is shown with a small change that raises the loss (`attack`); the guide then
takes one step of its optimizer. Weights averaged over the steps are what becomes of the guide.

Source: adversarial training, Madry et al. 2018; averaged weights, Polyak and Juditsky 1992.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from diavlex.guides.words import Words
from diavlex.tensors import Pictures

from . import goal as goals
from .attack import attack
from .corpus import Corpus
from .exam import Exam
from .goal import Goal
from .learner import Learner
from .pool import Pool, all_labels, augment
from .recipes import Recipe
from .tutor import Tutor

Texts = Float[Tensor, "texts features"]
"""Unit vectors of all labels, then of some captions."""
_STRIDE = 2.0
"""Length of an attack's steps together, in radii."""
_LONGEST = 3.0
"""Norm of all gradients together beyond which they are shortened."""
_EXAM, _ATTACKED_EXAM = 2000, 300
"""Test pictures of a report, as they are and attacked."""


@dataclass(frozen=True)
class Progress:
    """How far a training run is."""

    samples: int
    """Pictures seen."""
    seconds: float
    loss: float
    """Mean since the last report."""
    top1: float
    """Share of test pictures whose label ranks first."""
    top5: float
    attacked_top5: float
    """The same among the first five, of pictures under attack."""


class Trainer:
    """A training run: what learns, its optimizer, averaged weights and random state.

    Args:
        recipe: how the guide is made.
        corpus: what it learns from and is tested with.
        words: the guide's reader, already taught to read.
        device: where to compute.
        tutor: gives soft labels, if there is one.
        labels: the labels to learn; those of six or more training pictures when None.
    """

    def __init__(
        self,
        recipe: Recipe,
        corpus: Corpus,
        words: Words,
        device: str = "cpu",
        tutor: Tutor | None = None,
        labels: list[str] | None = None,
    ) -> None:
        self.recipe, self.corpus, self.tutor = recipe, corpus, tutor
        self.device = torch.device(device)
        self.learner = Learner(recipe, words, self.device)
        self.pool = Pool(corpus, recipe, labels or all_labels(corpus))
        self._spelled = words.spell(self.pool.labels)
        self.optimizer = torch.optim.AdamW(
            self.learner.groups(recipe), lr=recipe.rate, betas=(0.9, 0.98)
        )
        self.restart_averages()
        self.generator = torch.Generator().manual_seed(recipe.seed)
        self.samples = 0
        self.seconds = 0.0
        self.cooldown: tuple[int, int] | None = None
        """Samples at which the learning rate starts to fall, and at which it is zero."""

    def train(self, samples: int, report: int, cooldown: int = 0) -> Iterator[Progress]:
        """Train until `samples` have been seen in all, the last `cooldown` at a falling rate.

        Yields:
            How far it is, after every `report` samples.
        """
        self.cooldown = (samples - cooldown, samples) if cooldown else None
        last, losses, start = self.samples // report, [], time.perf_counter()
        while self.samples < samples:
            losses.append(self.step())
            if self.samples // report > last or self.samples >= samples:
                last = self.samples // report
                self.seconds += time.perf_counter() - start
                yield self._progress(sum(losses) / len(losses))
                losses, start = [], time.perf_counter()

    def step(self) -> float:
        """Take one step of the optimizer on one batch under attack; the loss is returned."""
        rows, view = self.draw()
        goal = self._goal(rows)
        radius = self._radii(len(rows))
        self._set_rates()
        self.optimizer.zero_grad(set_to_none=True)
        texts = self._read(goal.captions)
        change = self._attack(view, texts.detach(), goal, radius)
        loss = self._loss(view + change, texts, goal)
        loss.backward()
        self._descend()
        self.samples += len(rows)
        self._average()
        return loss.item()

    def draw(self) -> tuple[np.ndarray, Pictures]:
        """The next batch: rows of the corpus, and their pictures varied at random."""
        rows = self.pool.draw(self.recipe.batch, self.generator)
        return rows, self.view(rows)

    def view(self, rows: np.ndarray) -> Pictures:
        """Pictures of the corpus, each varied at random."""
        pictures = torch.from_numpy(self.corpus.pictures[rows]).permute(0, 3, 1, 2)
        return augment(pictures.to(self.device), self.generator)

    def noise(self, shape: torch.Size) -> Pictures:
        """Random changes of pictures, each of length 1."""
        noise = torch.randn(shape, generator=self.generator).flatten(1)
        return functional.normalize(noise, dim=1).view(shape).to(self.device)

    def _attack(self, view: Pictures, texts: Texts, goal: Goal, radius: Tensor) -> Pictures:
        """Changes that an attack adds to pictures; it starts anywhere in its ball."""
        share = torch.rand(len(view), 1, 1, 1, generator=self.generator).to(self.device)
        start = self.noise(view.shape) * radius * share
        steps, eye = self.recipe.attack_steps, self.learner.eye
        eye.requires_grad_(False)
        change = attack(
            lambda changed: self._loss(changed, texts, goal),
            view, radius, steps, stride=_STRIDE, start=start,
        )  # fmt: skip
        eye.requires_grad_(True)
        return change

    def _read(self, captions: list[str]) -> Texts:
        """The labels and the captions, read once for both the attack and the step."""
        numbers, owner = self._spelled
        more, owner_of_more = self.learner.words.spell(captions)
        owner = torch.cat([owner[:-1], owner_of_more + len(self.pool.labels)])
        return self.learner.read(torch.cat([numbers, more]), owner)

    def _radii(self, count: int) -> Float[Tensor, "count 1 1 1"]:
        """Radius of each picture's attack; the largest ones grow during the first steps."""
        low, high = self.recipe.radius
        high *= min(1.0, 0.25 + self.samples / (4 * self.recipe.warm_samples))
        draw = torch.rand(count, 1, 1, 1, generator=self.generator)
        return (low + (max(high, low) - low) * draw).to(self.device)

    def _goal(self, rows: np.ndarray) -> Goal:
        soft = self._soft_labels(rows) if self.tutor else None
        return goals.draw_goal(
            self.pool, rows, self.generator, self.device, soft, self.recipe.tutor
        )

    def _soft_labels(self, rows: np.ndarray) -> Tensor:
        """What the tutor says of pictures; nothing of those drawn here, which it never saw."""
        assert self.tutor is not None
        is_drawn = np.array([self.corpus.rows[i].kind == "drawn" for i in rows])
        origins = np.where(is_drawn, -1, self.corpus.origins[rows])
        return self.tutor.says(origins).to(self.device)

    def _loss(self, view: Pictures, texts: Texts, goal: Goal) -> Tensor:
        labels, captions = texts.tensor_split([len(self.pool.labels)])
        vectors = self.learner.encode(view)
        return goals.loss(vectors, labels, captions, goal, self.learner.logit_scale)

    def _set_rates(self) -> None:
        """Learning rates rise during the first samples and fall during the cooldown."""
        share = min(1.0, (self.samples + self.recipe.batch) / self.recipe.warm_samples)
        if self.cooldown and self.samples > self.cooldown[0]:
            start, end = self.cooldown
            share *= max(0.0, (end - self.samples) / (end - start))
        for group in self.optimizer.param_groups:
            group["lr"] = group["rate"] * share

    def _descend(self) -> None:
        groups = self.optimizer.param_groups
        nn.utils.clip_grad_norm_([p for group in groups for p in group["params"]], _LONGEST)
        self.optimizer.step()

    def restart_averages(self) -> None:
        """Average from the weights of now on."""
        self.averaged = {key: value.clone() for key, value in self.learner.weights().items()}

    @torch.no_grad()
    def _average(self) -> None:
        steps = self.samples / self.recipe.batch
        keep = min(self.recipe.averaging, (1 + steps) / (10 + steps))
        for key, value in self.learner.weights().items():
            if value.is_floating_point():
                self.averaged[key].lerp_(value, 1 - keep)
            else:
                self.averaged[key].copy_(value)

    def use_averages(self) -> None:
        """Put the averaged weights into what learns; its own are lost."""
        self.learner.load_weights(self.averaged)
        self.learner.eye.eval()

    def _progress(self, loss: float) -> Progress:
        """Test the averaged weights, then put those that learn back."""
        learner = self.learner
        held = {key: value.clone() for key, value in learner.weights().items()}
        self.use_averages()
        test = Exam(self.corpus)
        clean = test.ranks(learner.encode, learner.words, limit=_EXAM)
        attacked = test.ranks(
            learner.encode, learner.words, radius=1.0, steps=5, limit=_ATTACKED_EXAM
        )
        learner.eye.train()
        learner.load_weights(held)
        return Progress(
            self.samples, self.seconds, loss,
            float((clean < 1).mean()), float((clean < 5).mean()), float((attacked < 5).mean()),
        )  # fmt: skip

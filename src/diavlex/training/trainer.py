"""How a guide learns: an eye and a reader, against attack, batch by batch.

The eye begins as a network that others trained on photos and published. Every picture is shown
under an attack of a few steps (L2, radius drawn per picture). Words are learned against every label
of the corpus at once, beside a tutor's soft labels, and captions against each other.

Source: adversarial training, Madry et al. 2018; contrast of pictures and texts, Radford et al.
2021. Differs from the latter in that all labels are negatives, not only those of the batch.
"""

import json
import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from diavlex.errors import BadWeights
from diavlex.files import replacing
from diavlex.guides.pocket import PX, Eye
from diavlex.guides.words import Words
from diavlex.training.corpus import Corpus
from diavlex.training.exam import Exam
from diavlex.training.pool import Pool, all_labels, augment
from diavlex.training.recipes import Recipe
from diavlex.training.tutor import Tutor, channels_last, published

_RIDGE_BATCHES, _RIDGE, _RIDGE_GAIN = 80, 0.2, 4.0
_STRIDE = 2.0
"""Length of an attack's steps together, in radii."""


@dataclass(frozen=True)
class Progress:
    """What training tells its listeners, after every report."""

    samples: int
    seconds: float
    loss: float
    top1: float
    top5: float
    attacked_top5: float


class Trainer:
    """The state of a training run: networks, optimizer, averaged weights, random state."""

    def __init__(
        self,
        recipe: Recipe,
        corpus: Corpus,
        words: Words,
        device: str = "cpu",
        tutor: Tutor | None = None,
    ) -> None:
        torch.manual_seed(recipe.seed)
        self.tutor = tutor
        self.recipe, self.corpus, self.device = recipe, corpus, torch.device(device)
        self.eye = Eye(recipe.widths, recipe.blocks, recipe.width)
        self.eye = channels_last(self.eye.to(self.device))
        self.words = words.to(self.device)
        self.warmth = nn.Parameter(torch.tensor(math.log(14.0), device=self.device))
        self.labels = all_labels(corpus)
        self.pool = Pool(corpus, recipe, self.labels)
        self.spelled = words.spell(self.labels)
        reader = [p for p in words.parameters() if p is not words.weight]
        heads = [*self.eye.head.parameters(), words.weight, self.warmth]
        body = self.eye.body.parameters()
        groups = [
            {"params": body, "rate": recipe.rate, "weight_decay": recipe.decay},
            {"params": reader, "rate": recipe.reader_rate, "weight_decay": 0.0},
            {"params": heads, "rate": recipe.head_rate, "weight_decay": 0.0},
        ]
        self.optimizer = torch.optim.AdamW(groups, lr=recipe.rate, betas=(0.9, 0.98))
        self.averaged = {k: v.clone() for k, v in self._state().items()}
        self.generator = torch.Generator().manual_seed(recipe.seed)
        self.samples = 0
        self.seconds = 0.0
        self.cooldown: tuple[int, int] | None = None
        """Samples at which the learning rate starts to fall, and at which it is zero."""

    @torch.no_grad()
    def begin(self) -> None:
        """Put the published network into the eye, and a head that names pictures by ridge.

        Source: ridge regression, Hoerl and Kennard 1970.
        """
        begun = published(self.recipe.published, self.recipe.width)
        self.eye.body.load_state_dict(begun.body.state_dict())
        labels = functional.normalize(self.words(self.labels), dim=-1)
        mean = labels.mean(0)
        head = self.eye.head
        seen, wanted = [], []
        for _ in range(_RIDGE_BATCHES):
            rows = self.pool.draw(self.recipe.batch, self.generator)
            rows = rows[[bool(self.pool.known[i]) for i in rows]]
            view = augment(self._pictures(rows), self.generator)
            view = view + 0.5 * self._noise(view.shape)
            with torch.autocast(self.device.type, torch.bfloat16):
                seen.append(self.eye.features(view, PX).float())
            wanted.append(labels[[self.pool.known[i][0] for i in rows]] - mean)
        x, y = torch.cat(seen), torch.cat(wanted)
        center = x.mean(0)
        x = x - center
        ridge = _RIDGE * len(x) * x.var(0).mean() * torch.eye(x.shape[1], device=x.device)
        weight = torch.linalg.solve(x.T @ x + ridge, x.T @ y).T
        head.weight.copy_(_RIDGE_GAIN * weight)
        head.bias.copy_(_RIDGE_GAIN * (y.mean(0) - weight @ center + 0.3 * mean))
        self.warmth.fill_(math.log(25.0))
        self.averaged = {k: v.clone() for k, v in self._state().items()}

    def _pictures(self, rows: np.ndarray) -> Tensor:
        return torch.from_numpy(self.corpus.pictures[rows]).permute(0, 3, 1, 2).to(self.device)

    def train(self, samples: int, report: int, cooldown: int = 0) -> Iterator[Progress]:
        """Train until `samples` have been seen in all, the last `cooldown` at a falling rate."""
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
        """One batch under attack, one step of the optimizer."""
        rows = self.pool.draw(self.recipe.batch, self.generator)
        view = augment(self._pictures(rows), self.generator)
        goal = self._goal(rows)
        radius = self._radii(len(rows))
        self._set_rates()
        self.optimizer.zero_grad(set_to_none=True)
        texts = self._read(goal.captions)
        loss = self._loss(view + self._push(view, texts.detach(), goal, radius), texts, goal)
        loss.backward()
        nn.utils.clip_grad_norm_([p for g in self.optimizer.param_groups for p in g["params"]], 3.0)
        self.optimizer.step()
        self.samples += len(rows)
        self._average()
        return loss.item()

    def _push(self, view: Tensor, texts: Tensor, goal: "Goal", radius: Tensor) -> Tensor:
        """What an attack adds to pictures, within a radius each; it starts anywhere in there."""
        share = torch.rand(len(view), 1, 1, 1, generator=self.generator).to(self.device)
        push = self._noise(view.shape) * radius * share
        self.eye.requires_grad_(False)
        for _ in range(self.recipe.attack_steps):
            push.requires_grad_()
            (slope,) = torch.autograd.grad(self._loss(view + push, texts, goal), push)
            slope = functional.normalize(slope.flatten(1), dim=1).view_as(view)
            push = push.detach() + _STRIDE / self.recipe.attack_steps * radius * slope
            length = push.flatten(1).norm(dim=1).view(-1, 1, 1, 1)
            push = push * (radius / length.clamp_min(1e-9)).clamp_max(1)
        self.eye.requires_grad_(True)
        return push.detach()

    def _read(self, captions: list[str]) -> Tensor:
        """Unit vectors of all labels, then of the captions; read once for both showings."""
        numbers, owner = self.spelled
        more, belongs = self.words.spell(captions)
        owner = torch.cat([owner[:-1], belongs + len(self.labels)])
        with torch.autocast(self.device.type, torch.bfloat16):
            return self.words.read(torch.cat([numbers, more]), owner).float()

    def _radii(self, count: int) -> Tensor:
        low, high = self.recipe.radius
        high *= min(1.0, 0.25 + self.samples / (4 * self.recipe.warm_samples))
        draw = torch.rand(count, 1, 1, 1, generator=self.generator)
        return (low + (max(high, low) - low) * draw).to(self.device)

    def _noise(self, shape: torch.Size) -> Tensor:
        noise = torch.randn(shape, generator=self.generator).flatten(1)
        return functional.normalize(noise, dim=1).view(shape).to(self.device)

    def _goal(self, rows: np.ndarray) -> "Goal":
        known = [self.pool.known[i] for i in rows]
        chosen, banned, captions, owners = [], [], [], []
        draw = torch.rand(len(rows), 3, generator=self.generator).tolist()
        for place, (labels, luck) in enumerate(zip(known, draw, strict=True)):
            pick = labels[0 if luck[0] < 0.7 else int(luck[1] * len(labels))] if labels else -100
            chosen.append(pick)
            banned += [(place, label) for label in labels if label != pick]
            row = self.corpus.rows[rows[place]]
            texts = row.captions if labels else (*row.captions, *row.labels)
            if texts:
                captions.append(texts[int(luck[2] * len(texts))])
                owners.append(place)
        return Goal(
            self._tutored(rows),
            torch.tensor(chosen, device=self.device),
            torch.tensor(banned, dtype=torch.long, device=self.device).view(-1, 2),
            captions,
            torch.tensor(owners, dtype=torch.long, device=self.device),
        )

    def _tutored(self, rows: np.ndarray) -> Tensor | None:
        """What the tutor says of pictures; what was drawn by us it has never seen."""
        if self.tutor is None:
            return None
        made = np.array([self.corpus.rows[i].kind == "drawn" for i in rows])
        says = self.tutor.says(np.where(made, -1, self.corpus.origins[rows]))
        return self.recipe.tutor * says.to(self.device)

    def _loss(self, view: Tensor, texts: Tensor, goal: "Goal") -> Tensor:
        vectors = self.encode(view)
        labels, captions = texts[: len(self.labels)], texts[len(self.labels) :]
        warmth = self.warmth.exp().clamp_max(60)
        scores = warmth * vectors @ labels.T
        loss = torch.zeros((), device=self.device)
        hard = 1.0
        if goal.tutored is not None:
            loss = -(goal.tutored * functional.log_softmax(scores, -1)).sum()
            hard = 1 - self.recipe.tutor
        scores = scores.index_put(
            (goal.banned[:, 0], goal.banned[:, 1]), torch.tensor(-1e4, device=self.device)
        )
        named = functional.cross_entropy(scores, goal.chosen, ignore_index=-100, reduction="sum")
        loss = loss + hard * named
        if goal.captions:
            pairs = warmth * vectors[goal.owners] @ captions.T
            same = torch.arange(len(pairs), device=self.device)
            loss = loss + 0.5 * (
                functional.cross_entropy(pairs, same, reduction="sum")
                + functional.cross_entropy(pairs.T, same, reduction="sum")
            )
        return loss / len(view)

    def _set_rates(self) -> None:
        share = min(1.0, (self.samples + self.recipe.batch) / self.recipe.warm_samples)
        if self.cooldown and self.samples > self.cooldown[0]:
            start, end = self.cooldown
            share *= max(0.0, (end - self.samples) / (end - start))
        for group in self.optimizer.param_groups:
            group["lr"] = group["rate"] * share

    def _state(self) -> dict[str, Tensor]:
        modules = {"eye": self.eye, "words": self.words}
        return {
            f"{part}.{key}": value
            for part, module in modules.items()
            for key, value in module.state_dict().items()
            if key not in ("table", "scale")
        }

    @torch.no_grad()
    def _average(self) -> None:
        steps = self.samples / self.recipe.batch
        keep = min(self.recipe.averaging, (1 + steps) / (10 + steps))
        for key, value in self._state().items():
            if value.is_floating_point():
                self.averaged[key].lerp_(value, 1 - keep)
            else:
                self.averaged[key].copy_(value)

    def save(self, path: Path) -> None:
        """Write everything that going on needs, atomically."""
        state = {
            "recipe": json.dumps(asdict(self.recipe)),
            "state": self._state(),
            "averaged": self.averaged,
            "optimizer": self.optimizer.state_dict(),
            "warmth": self.warmth.detach(),
            "generator": self.generator.get_state(),
            "samples": self.samples,
            "seconds": self.seconds,
        }
        with replacing(path) as fresh:
            torch.save(state, fresh)

    def resume(self, path: Path) -> None:
        """Go on from a checkpoint.

        Raises:
            BadWeights: the checkpoint belongs to another recipe; the difference is shown.
        """
        state = torch.load(path, map_location=self.device, weights_only=True)
        mine, other = json.loads(json.dumps(asdict(self.recipe))), json.loads(state["recipe"])
        if mine != other:
            keys = sorted(k for k in {*mine, *other} if mine.get(k) != other.get(k))
            shown = "; ".join(f"{k}: {other.get(k)} there, {mine.get(k)} here" for k in keys)
            raise BadWeights(
                f"{path} was made by another recipe ({shown}); give another --run folder."
            )
        self.load_state(state["state"])
        self.averaged = state["averaged"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.warmth.data.copy_(state["warmth"])
        self.generator.set_state(state["generator"].cpu())
        self.samples, self.seconds = state["samples"], state["seconds"]

    def start_from(self, name: str) -> bool:
        """Begin with the words of a guide, and with its eye where it is of the same make.

        Returns:
            Whether the eye was taken as well.

        Raises:
            UnknownName: no such guide.
        """
        from diavlex import weights

        card, tensors = weights.load("guide", name)
        tensors = {k: v.float() if v.is_floating_point() else v for k, v in tensors.items()}
        words = Words.from_tensors(
            {k.removeprefix("words."): v for k, v in tensors.items() if k.startswith("words.")}
        )
        if words.vocabulary == self.words.vocabulary:
            self.words.load_state_dict(words.state_dict())
        make: dict[str, object] = {"width": self.recipe.width}
        make |= {"widths": list(self.recipe.widths), "blocks": list(self.recipe.blocks)}
        is_same = all(card.settings.get(key) == value for key, value in make.items())
        if is_same:
            self.load_state({k: v for k, v in tensors.items() if k.startswith("eye.")})
        self.averaged = {key: value.clone() for key, value in self._state().items()}
        return is_same

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Put weights into the networks."""
        for part, module in {"eye": self.eye, "words": self.words}.items():
            own = {k.removeprefix(f"{part}."): v for k, v in state.items() if k.startswith(part)}
            module.load_state_dict(own, strict=False)

    def use_averaged(self) -> None:
        """Put the averaged weights into the networks, for good."""
        self.load_state(self.averaged)
        self.eye.eval()

    def _progress(self, loss: float) -> Progress:
        held = {k: v.clone() for k, v in self._state().items()}
        self.load_state(self.averaged)
        self.eye.eval()
        test = Exam(self.corpus)
        clean = test.ranks(self.encode, self.words, limit=2000)
        attacked = test.ranks(self.encode, self.words, radius=1.0, steps=5, limit=300)
        self.eye.train()
        self.load_state(held)
        return Progress(
            self.samples, self.seconds, loss,
            float((clean < 1).mean()), float((clean < 5).mean()), float((attacked < 5).mean()),
        )  # fmt: skip

    def encode(self, pictures: Tensor) -> Tensor:
        """Unit vectors of pictures, in the training precision."""
        with torch.autocast(self.device.type, torch.bfloat16):
            vectors = self.eye(pictures.contiguous(memory_format=torch.channels_last))
        return functional.normalize(vectors.float(), dim=-1)


@dataclass(frozen=True)
class Goal:
    """What a batch of pictures should be near to."""

    tutored: Tensor | None
    """How likely each label is, by the tutor, times its share; [pictures labels]."""
    chosen: Tensor
    """One label's number a picture; -100 for none."""
    banned: Tensor
    """(picture, label) pairs that are true as well, so no negatives."""
    captions: list[str]
    owners: Tensor
    """Which picture each caption belongs to."""

"""Making a pocket guide: a corpus and a recipe in, a checkpoint, weights and their card out."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from diavlex import weights
from diavlex.device import check_device
from diavlex.guides.pocket import Pocket, packed
from diavlex.guides.prototypes import Prototypes
from diavlex.guides.words import Words

from . import beginning, checkpoint
from .corpus import ICONS, MADE, Corpus, read
from .enrich import enrich
from .exam import examine
from .iconed import save, teach_icons
from .icons import Taught
from .imagining import called, taught
from .pool import PICTURE_PX, Pool
from .reading import phrases, teach
from .recipes import ABOUT, Recipe
from .terms import terms_of
from .trainer import Progress, Trainer
from .tutor import Tutor, features


def learn(
    corpus_folder: Path, run: Path, recipe: Recipe, *, samples: int, cooldown: int, report: int,
    licences: frozenset[str] | None = None, device: str = "cpu", start: str = "",
) -> Iterator[Progress]:  # fmt: skip
    """Train a guide in a run folder, or go on where it was left; each report leaves a checkpoint.

    The last progress comes after the weights and the card have been written to the run folder.

    Args:
        corpus_folder: where the shards are.
        run: the run folder.
        recipe: how the guide is made.
        samples: pictures seen in all.
        cooldown: the last of them, during which the learning rate falls.
        report: pictures between two reports.
        licences: licence classes to keep; all when None.
        device: where to compute.
        start: a guide whose words a new run begins with, and whose eye where it has the same
            layers.

    Raises:
        BadValue: no such device on this machine.
        BadCorpus: a shard is missing or altered.
        BadWeights: the run folder holds a checkpoint of another recipe.
    """
    check_device(device)
    corpus = read(corpus_folder, PICTURE_PX, licences)
    corpus = enrich(corpus, recipe.painted, recipe.drawn, icons=recipe.icons, seed=recipe.seed)
    trainer = Trainer(recipe, corpus, reader(corpus, run, recipe.width), device)
    if recipe.tutor:
        trainer.tutor = tutor(trainer.pool, run)
    path = run / "checkpoint.pt"
    _start(trainer, path, start)
    for progress in trainer.train(samples, report, cooldown):
        checkpoint.save(trainer, path)
        with (run / "log.jsonl").open("a") as log:
            log.write(json.dumps(asdict(progress)) + "\n")
        if progress.samples >= samples:
            found = None
            if recipe.prototypes:
                trainer.use_averages()
                eye, words = trainer.learner.eye, trainer.learner.words
                found = teach_icons(corpus_folder, eye, words, licences)
            _finish(trainer, run, found)
        yield progress


def _start(trainer: Trainer, path: Path, start: str) -> None:
    if path.is_file():
        checkpoint.resume(trainer, path)
    elif not (start and beginning.begin_as(trainer, start)):
        beginning.begin(trainer)


def _finish(trainer: Trainer, folder: Path, icons: Taught | None) -> None:
    trainer.use_averages()
    scores = examine(trainer.corpus, trainer.learner.encode, trainer.learner.words)
    export(trainer, folder, ABOUT[trainer.recipe.name], scores, icons)


def export(
    trainer: Trainer,
    folder: Path,
    about: str,
    scores: dict[str, Any],
    icons: Taught | None = None,
) -> Path:
    """Write a guide's averaged weights and card; what learns is left holding the averages.

    Args:
        trainer: whose guide to write.
        folder: where to.
        about: one sentence for the card.
        scores: what an exam found.
        icons: that it shows things by; None for none.

    Returns:
        The path of the weights.
    """
    recipe, learner = trainer.recipe, trainer.learner
    trainer.use_averages()
    guide = Pocket(recipe.name, learner.eye, learner.words, _prototypes(trainer))
    terms = "MIT for the numbers; trained on pictures under the terms below"
    card = weights.Card(
        recipe.name, "guide", about, terms, _sources(trainer), _settings(trainer), scores
    )
    return save(folder, card, packed(guide), icons)


def _terms(trainer: Trainer) -> dict[str, str]:
    """The terms of each source of pictures."""
    rows = trainer.corpus.rows
    return {rows[i].source: terms_of(rows[i].source, rows[i].licence) for i in trainer.pool.rows}


def _sources(trainer: Trainer) -> dict[str, str]:
    """The licence of all that the guide was trained on, published networks among it."""
    recipe = trainer.recipe
    networks = {recipe.published, "lite0"} if recipe.tutor else {recipe.published}
    begun = {f"efficientnet-{name}, by ImageNet": "Apache-2.0" for name in networks}
    return dict(sorted((_terms(trainer) | begun).items()))


def _settings(trainer: Trainer) -> dict[str, Any]:
    """The recipe, and how far it was followed, as plain data."""
    return json.loads(json.dumps(asdict(trainer.recipe))) | {
        "samples": trainer.samples,
        "hours": round(trainer.seconds / 3600, 2),
        "torch": torch.__version__,
        "licence_classes": sorted({trainer.corpus.rows[i].licence for i in trainer.pool.rows}),
        "logit_scale": round(trainer.learner.logit_scale.item(), 2),
    }


def _prototypes(trainer: Trainer) -> Prototypes | None:
    """Prototypes of the photos and paintings learned from."""
    corpus, count = trainer.corpus, trainer.recipe.prototypes
    others = ("sketch", *ICONS, *MADE)
    kept = [i for i in trainer.pool.rows if corpus.rows[i].kind not in others]
    if not kept or not count:
        return None
    rows, pictures = [corpus.rows[i] for i in kept], torch.from_numpy(corpus.pictures[kept])
    learner = trainer.learner
    return taught(learner.eye, pictures, called(learner.words, rows), prototypes=count)


def reader(corpus: Corpus, run: Path, width: int) -> Words:
    """A reader that was taught by a sentence encoder; the run folder keeps it.

    Args:
        corpus: whose texts it learns from.
        run: the run folder.
        width: of its vectors.
    """
    path = run / "words.safetensors"
    if not path.is_file():
        words = teach(phrases(corpus), width)
        run.mkdir(parents=True, exist_ok=True)
        save_file(words.to_tensors(), path)
    return Words.from_tensors(load_file(path))


def tutor(pool: Pool, run: Path) -> Tutor:
    """A tutor that was taught by the labels of a pool; the run folder keeps it."""
    corpus, path = pool.corpus, run / "tutor.safetensors"
    own = np.array([row.shard not in MADE for row in corpus.rows])
    if path.is_file():
        kept = load_file(path)
        if len(kept["seen"]) == own.sum() and kept["layers"].shape[1] == len(pool.labels):
            return Tutor(**kept)
    labelled = [i for i in pool.rows if own[i] and pool.known[i]]
    chosen = np.array([pool.known[i][0] for i in labelled])
    origins = corpus.origins[labelled]
    found = Tutor.taught(features(corpus.pictures[own]), origins, chosen, len(pool.labels))
    run.mkdir(parents=True, exist_ok=True)
    save_file({"seen": found.seen, "layers": found.layers}, path)
    return found

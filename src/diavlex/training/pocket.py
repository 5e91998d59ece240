"""Making a pocket guide: a corpus and a recipe in, a checkpoint, weights and their card out."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from diavlex.device import check_device
from diavlex.guides.pocket import Pocket, packed
from diavlex.guides.prototypes import Prototypes
from diavlex.guides.words import Words
from diavlex.training.corpus import ICONS, Corpus, read
from diavlex.training.enrich import MADE, enrich
from diavlex.training.exam import examine
from diavlex.training.imagining import called, called_in_short, taught
from diavlex.training.pool import PICTURE_PX, Pool
from diavlex.training.reading import phrases, teach
from diavlex.training.recipes import ABOUT, Recipe
from diavlex.training.trainer import Progress, Trainer
from diavlex.training.tutor import Tutor, features


def export(trainer: Trainer, folder: Path, about: str, scores: dict) -> Path:
    """Write a guide's averaged weights and card.

    Args:
        trainer: whose networks to write; they are left holding the averaged weights.
        folder: where to.
        about: one sentence.
        scores: what an exam found.
    """
    from diavlex import weights

    recipe, corpus = trainer.recipe, trainer.corpus
    trainer.use_averaged()
    guide = Pocket(recipe.name, trainer.eye, trainer.words, _imagination(trainer))
    sources = {corpus.rows[i].source: corpus.rows[i].licence for i in trainer.pool.rows}
    classes = sorted(set(sources.values()))
    begun = {recipe.published, "lite0"} if recipe.tutor else {recipe.published}
    sources |= {f"efficientnet-{name}, by ImageNet": "Apache-2.0" for name in begun}
    settings = json.loads(json.dumps(asdict(recipe))) | {
        "samples": trainer.samples,
        "hours": round(trainer.seconds / 3600, 2),
        "torch": torch.__version__,
        "licence_classes": classes,
        "logit_scale": round(trainer.warmth.exp().item(), 2),
    }
    terms = "MIT for the numbers; trained on pictures under the terms below"
    card = weights.Card(
        recipe.name, "guide", about, terms, dict(sorted(sources.items())), settings, scores
    )
    return weights.save(folder, card, packed(guide))


def _imagination(trainer: Trainer) -> Prototypes | None:
    """Prototypes of the pictures learned from, but for sketches and what was made here."""
    corpus, count = trainer.corpus, trainer.recipe.prototypes
    kept = [i for i in trainer.pool.rows if corpus.rows[i].kind not in ("sketch", *MADE)]
    if not kept or not count:
        return None
    rows, pictures = [corpus.rows[i] for i in kept], torch.from_numpy(corpus.pictures[kept])
    icons = torch.tensor([row.kind in ICONS for row in rows])
    texts, short = (how(trainer.words, rows) for how in (called, called_in_short))
    return taught(trainer.eye, pictures, texts, icons, short=short, prototypes=count)


def learn(
    corpus_folder: Path, run: Path, recipe: Recipe, *, samples: int, cooldown: int, report: int,
    licences: frozenset[str] | None = None, device: str = "cpu", start: str = "",
) -> Iterator[Progress]:  # fmt: skip
    """Train a guide in a run folder, or go on where it was left; each report leaves a checkpoint.

    A new run may start from a guide that is there (`start`): with its words, and with its eye where
    it is of the same make.

    The last progress comes after the weights and the card have been written to the run folder.

    Raises:
        BadValue: no such device on this machine.
        BadCorpus: a shard is missing or altered.
        BadWeights: the run folder holds a checkpoint of another recipe.
    """
    check_device(device)
    corpus = read(corpus_folder, PICTURE_PX, licences)
    corpus = enrich(corpus, recipe.painted, recipe.drawn, icons=recipe.icons, seed=recipe.seed)
    trainer = Trainer(recipe, corpus, reader(corpus, run, recipe.width), device)
    checkpoint = run / "checkpoint.pt"
    if recipe.tutor:
        trainer.tutor = tutor(trainer.pool, run)
    if checkpoint.is_file():
        trainer.resume(checkpoint)
    elif not (start and trainer.start_from(start)):
        trainer.begin()
    for progress in trainer.train(samples, report, cooldown):
        trainer.save(checkpoint)
        with (run / "log.jsonl").open("a") as log:
            log.write(json.dumps(asdict(progress)) + "\n")
        if progress.samples >= samples:
            trainer.use_averaged()
            scores = examine(corpus, trainer.encode, trainer.words)
            export(trainer, run, ABOUT[recipe.name], scores)
        yield progress


def reader(corpus: Corpus, run: Path, width: int) -> Words:
    """A reader that a teacher has taught, kept in the run folder for the next time."""
    from safetensors.torch import load_file, save_file

    path = run / "words.safetensors"
    if not path.is_file():
        words = teach(phrases(corpus), width)
        run.mkdir(parents=True, exist_ok=True)
        save_file(words.to_tensors(), path)
    return Words.from_tensors(load_file(path))


def tutor(pool: Pool, run: Path) -> Tutor:
    """A tutor who has read the labels of a pool, kept in the run folder for the next time."""
    from safetensors.torch import load_file, save_file

    corpus, path = pool.corpus, run / "tutor.safetensors"
    own = [row.shard not in MADE for row in corpus.rows]
    if path.is_file():
        kept = load_file(path)
        if len(kept["seen"]) == sum(own) and kept["layers"].shape[1] == len(pool.labels):
            return Tutor(**kept)
    seen = features(corpus.pictures[own])
    read = [i for i in pool.rows if own[i] and pool.known[i]]
    chosen = np.array([pool.known[i][0] for i in read])
    taught = Tutor.taught(seen, corpus.origins[read], chosen, len(pool.labels))
    run.mkdir(parents=True, exist_ok=True)
    save_file({"seen": taught.seen, "layers": taught.layers}, path)
    return taught

"""Which CLIP-like models there are, and how one is opened from a folder or the hub."""

from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from diavlex import weights as shipped
from diavlex.errors import BadWeights, MissingGuide, UnknownName

from . import open_clip
from .dual_encoder import DualEncoder, Habits, check_weights, check_words, quiet_transformers
from .hub import cure, find_folder, is_here, reading, weights_of
from .lens import Lens, read_sight
from .names import INSTEAD, check_name


@dataclass(frozen=True)
class Known:
    """A published model that has a short name."""

    source: str
    """On the hub; with a revision where only that one has safetensors."""
    about: str
    licence: str

    @property
    def is_here(self) -> bool:
        """Whether it can be opened without a network."""
        return find_spec("transformers") is not None and is_here(self.source)


KNOWN = {
    "clip": Known(
        "openai/clip-vit-base-patch32@c237dc49a33fc61debc9276459120b7eac67e7ef",
        "CLIP ViT-B/32: 400 million pictures of the web and their captions",
        "MIT",
    ),
    "clip-b16": Known(
        "openai/clip-vit-base-patch16@5ef227a78de3f75873f373246dac80def63b0003",
        "CLIP ViT-B/16: as clip, sees four times as finely, four times as slow",
        "MIT",
    ),
    "clip-laion": Known(
        "laion/CLIP-ViT-B-32-laion2B-s34B-b79K",
        "OpenCLIP ViT-B/32: 2 billion pictures of LAION",
        "MIT",
    ),
    "siglip": Known(
        "google/siglip-base-patch16-224", "SigLIP B/16: 10 billion pictures of WebLI", "Apache-2.0"
    ),
    "siglip2": Known(
        "google/siglip2-base-patch16-224",
        "SigLIP 2 B/16: WebLI in 109 languages, with captions and places",
        "Apache-2.0",
    ),
    "fare": Known(
        "chs20/FARE4-ViT-B-32-laion2B-s34B-b79K",
        "FARE ViT-B/32: clip-laion made robust, so that its gradients draw shapes, not noise",
        "MIT",
    ),
    "tecoa": Known(
        "chs20/TeCoA4-ViT-B-32-laion2B-s34B-b79K",
        "TeCoA ViT-B/32: clip-laion made robust by the labels of ImageNet, more than fare",
        "MIT",
    ),
}

HABITS = {
    "align": Habits(64),
    "altclip": Habits(77),
    "chinese_clip": Habits(52),
    "clip": Habits(77),
    "metaclip_2": Habits(77),
    "siglip": Habits(64, is_lowercase=True, is_masked=False),
    "siglip2": Habits(64, is_lowercase=True, is_masked=False),
}
"""By `model_type`: the dual encoders of transformers that diavlex can open."""

VOCABULARIES = (
    "tokenizer.json",
    "tokenizer.model",
    "vocab.json",
    "vocab.txt",
    "spiece.model",
    "sentencepiece.bpe.model",
)
"""Where transformers looks for words; without any it would silently know none."""


def load(name: str) -> DualEncoder:
    """Open a dual encoder as a guide.

    Args:
        name: a short name of `KNOWN`, a folder, or a hub name (`owner/model[@revision]`). What it
            names is in transformers' format, or in open_clip's (a ViT).

    Raises:
        UnknownName: neither a folder nor a hub name nor a short name.
        MissingGuide: not on this machine and not to be had.
        BadWeights: no safetensors, not a dual encoder, cut short, or holding NaN.
    """
    check(name)
    if find_spec("transformers") is None:
        raise MissingGuide(
            f"the guide '{name}' needs transformers: pip install 'diavlex[clip]', in a clone pip "
            f"install '.[clip]', or {INSTEAD}"
        )
    folder = find_folder(KNOWN[name].source if name in KNOWN else name)
    weights = weights_of(folder)
    assert weights, "a folder that was found has weights"
    own = (folder / "config.json").is_file() and not weights.name.startswith("open_clip")
    return read(name, folder) if own else open_clip.read(name, folder, weights)


def check(name: str) -> None:
    """Refuse a name that can mean no dual encoder, before anything is loaded or fetched.

    Raises:
        UnknownName: neither a folder nor a hub name nor a short name.
        MissingGuide: a folder that is not there.
        BadWeights: a card of that name cannot be read.
    """
    if name in KNOWN:
        return
    try:
        check_name(name, [*KNOWN, *shipped.known("guide")])
    except UnknownName:
        with suppress(UnknownName):
            shipped.find("guide", name)  # or tells of a card of that name that cannot be read
        raise


def read(name: str, folder: Path) -> DualEncoder:
    """Read a folder in transformers' format.

    Raises:
        BadWeights: not a dual encoder, cut short, or holding NaN.
    """
    from transformers import AutoConfig

    with quiet_transformers():
        with reading(name, folder / "config.json"):
            config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
        habits = HABITS.get(config.model_type)
        if habits is None:
            raise BadWeights(
                f"'{name}' is a '{config.model_type}', not a dual encoder that diavlex knows "
                f"({', '.join(HABITS)})."
            )
        with reading(name, weights_of(folder) or folder):
            model = _read_model(folder, config)
        with reading(name, folder):
            lens, tokenizer = _read_lens(folder), _read_tokenizer(name, folder)
            check_words(folder, tokenizer, config.text_config.vocab_size)
            habits = _shortened(habits, tokenizer, config)
    return DualEncoder(name, model, tokenizer, lens, habits)


def _read_model(folder: Path, config: Any) -> Any:
    import torch
    from transformers import AutoModel

    model, report = AutoModel.from_pretrained(
        folder,
        config=config,
        use_safetensors=True,
        trust_remote_code=False,
        local_files_only=True,
        dtype=torch.float32,
        output_loading_info=True,
    )
    check_weights(model, report, folder)
    return model


def _read_lens(folder: Path) -> Lens:
    from transformers import AutoImageProcessor

    processor = AutoImageProcessor.from_pretrained(
        folder, backend="pil", trust_remote_code=False, local_files_only=True
    )
    return Lens(read_sight(processor.to_dict()))


def _read_tokenizer(name: str, folder: Path) -> Any:
    from transformers import AutoTokenizer

    if not any((folder / file).is_file() for file in VOCABULARIES):
        raise BadWeights(f"'{name}' has none of {', '.join(VOCABULARIES)}; {cure(folder)}.")
    settings = folder / "tokenizer_config.json"
    has_pieces = settings.is_file() and '"SiglipTokenizer"' in settings.read_text(encoding="utf-8")
    if has_pieces and not all(map(find_spec, ("sentencepiece", "google.protobuf"))):
        raise MissingGuide(
            f"the guide '{name}' needs two more packages to read words: "
            f"pip install sentencepiece protobuf, or {INSTEAD}"
        )
    return AutoTokenizer.from_pretrained(folder, trust_remote_code=False, local_files_only=True)


def _shortened(habits: Habits, tokenizer: Any, config: Any) -> Habits:
    """Habits within what this very model has places for."""
    places = (tokenizer.model_max_length, config.text_config.max_position_embeddings)
    return replace(habits, most_tokens=min(habits.most_tokens, *places))

"""How a ViT published by open_clip becomes the same model in transformers."""

import json
import re
from pathlib import Path
from typing import Any, Literal

from torch import Tensor

from diavlex.errors import BadWeights, MissingGuide

from .dual_encoder import DualEncoder, Habits, check_weights, check_words, quiet_transformers
from .hub import find_settings, reading
from .lens import Lens, Sight

WORDS = "openai/clip-vit-base-patch32@c237dc49a33fc61debc9276459120b7eac67e7ef"
"""Whose tokens a checkpoint without its own was trained on."""

PLAIN_VISION = {
    "act_kwargs": None,
    "attentional_pool": False,
    "final_ln_after_pool": False,
    "norm_kwargs": None,
    "pool_type": "tok",
    "timm_model_name": None,
}
PLAIN_TEXT = {
    "act_kwargs": None,
    "final_ln_after_pool": False,
    "hf_model_name": None,
    "no_causal_mask": False,
    "norm_kwargs": None,
    "pool_type": "argmax",
}
"""What makes it CLIP's own architecture and leaves no trace in the names of the weights."""

OUTER = {
    "logit_scale": "logit_scale",
    "ln_final": "text_model.final_layer_norm",
    "positional_embedding": "text_model.embeddings.position_embedding.weight",
    "text_projection": "text_projection.weight",
    "token_embedding": "text_model.embeddings.token_embedding",
    "visual.class_embedding": "vision_model.embeddings.class_embedding",
    "visual.conv1": "vision_model.embeddings.patch_embedding",
    "visual.ln_post": "vision_model.post_layernorm",
    "visual.ln_pre": "vision_model.pre_layrnorm",
    "visual.positional_embedding": "vision_model.embeddings.position_embedding.weight",
    "visual.proj": "visual_projection.weight",
}
INNER = {
    "attn.out_proj": "self_attn.out_proj",
    "ln_1": "layer_norm1",
    "ln_2": "layer_norm2",
    "mlp.c_fc": "mlp.fc1",
    "mlp.c_proj": "mlp.fc2",
}
FITS: dict[str, Literal["shorter", "squash"]] = {"shortest": "shorter", "squash": "squash"}
IGNORED = ("attn_mask",)
TRANSPOSED = ("text_projection", "visual.proj")
BLOCK = re.compile(r"(visual\.)?transformer\.resblocks\.(\d+)\.(.+?)[._](weight|bias)")


def read(name: str, folder: Path, weights: Path) -> DualEncoder:
    """Read a folder in open_clip's format.

    Raises:
        BadWeights: not a plain ViT, cut short, or holding NaN.
        MissingGuide: it has no tokenizer of its own and CLIP's cannot be had.
    """
    from safetensors.torch import load_file

    settings_file = folder / "open_clip_config.json"
    with reading(name, settings_file):
        settings = json.loads(settings_file.read_text(encoding="utf-8"))
        architecture = settings["model_cfg"]
        check_plain(name, architecture)
        lens = Lens(read_sight(architecture["vision_cfg"], settings.get("preprocess_cfg", {})))
        habits = Habits(architecture["text_cfg"].get("context_length", 77))
    with reading(name, weights), quiet_transformers():
        model = _build(rename(load_file(weights)), architecture, weights)
    with reading(name, folder):
        tokenizer = _read_tokenizer(name, folder)
        check_words(folder, tokenizer, model.config.text_config.vocab_size)
    return DualEncoder(name, model, tokenizer, lens, habits)


def check_plain(name: str, architecture: dict[str, Any]) -> None:
    """Refuse what is not CLIP's own architecture.

    Raises:
        BadWeights: it is another one.
    """
    halves = ((architecture["vision_cfg"], PLAIN_VISION), (architecture["text_cfg"], PLAIN_TEXT))
    for half, plain in halves:
        for key, value in plain.items():
            if (half.get(key) or value) != value:
                raise BadWeights(
                    f"'{name}' is not a plain ViT of open_clip ({key}: {half[key]}), "
                    "and diavlex opens only those."
                )
    if not isinstance(architecture["vision_cfg"].get("layers", 12), int):
        raise BadWeights(f"'{name}' is a ResNet of open_clip, and diavlex opens only its ViTs.")


def rename(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """open_clip's tensors under transformers' names; queries, keys and values taken apart.

    Raises:
        BadWeights: a tensor that a plain ViT does not have.
    """
    renamed: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        plain = name.removeprefix("module.").removeprefix("text.")
        try:
            if block := BLOCK.fullmatch(plain):
                renamed |= _rename_inner(block, tensor)
            elif plain not in IGNORED:
                renamed |= _rename_outer(plain, tensor)
        except KeyError as error:
            raise BadWeights(
                f"the tensor '{name}' has no place in a plain ViT of open_clip, "
                "and diavlex opens only those."
            ) from error
    return renamed


def read_sight(vision: dict[str, Any], pictures: dict[str, Any]) -> Sight:
    """The sight that open_clip's settings describe; what they leave out is as open_clip has it.

    Raises:
        BadWeights: pictures are resized in a way that diavlex does not know.
    """
    side = vision.get("image_size", 224)
    height, width = (side, side) if isinstance(side, int) else side
    fit = FITS.get(pictures.get("resize_mode", "shortest"))
    resampling = pictures.get("interpolation", "bicubic")
    if fit is None or resampling not in ("bicubic", "bilinear") or height != width:
        raise BadWeights(
            f"pictures are to be resized by {pictures} to {side}, which diavlex cannot do."
        )
    mean = pictures.get("mean", (0.48145466, 0.4578275, 0.40821073))
    std = pictures.get("std", (0.26862954, 0.26130258, 0.27577711))
    return Sight(fit, height, width, (height, width), resampling, tuple(mean), tuple(std))


def _rename_inner(block: re.Match[str], tensor: Tensor) -> dict[str, Tensor]:
    half = "vision_model" if block[1] else "text_model"
    layer, last = f"{half}.encoder.layers.{block[2]}", block[4]
    if block[3] != "attn.in_proj":
        return {f"{layer}.{INNER[block[3]]}.{last}": tensor}
    parts = zip("qkv", tensor.chunk(3), strict=True)
    return {f"{layer}.self_attn.{part}_proj.{last}": value for part, value in parts}


def _rename_outer(name: str, tensor: Tensor) -> dict[str, Tensor]:
    if name in OUTER:
        return {OUTER[name]: tensor.T if name in TRANSPOSED else tensor}
    module, _, last = name.rpartition(".")
    return {f"{OUTER[module]}.{last}": tensor}


def _build(tensors: dict[str, Tensor], architecture: dict[str, Any], source: Path) -> Any:
    import torch
    from transformers import CLIPModel

    loaded: Any = CLIPModel.from_pretrained(
        None,
        config=_configure(architecture),
        state_dict=tensors,
        dtype=torch.float32,
        output_loading_info=True,
    )
    model, report = loaded
    if stray := sorted(report["unexpected_keys"]):
        raise BadWeights(f"{source} holds '{stray[0]}', for which its settings have no place.")
    check_weights(model, report, source)
    return model


def _configure(architecture: dict[str, Any]) -> Any:
    """The same architecture in transformers' words; what is left out is as open_clip has it."""
    from transformers import CLIPConfig

    vision, text = architecture["vision_cfg"], architecture["text_cfg"]
    act = "quick_gelu" if architecture.get("quick_gelu") else "gelu"
    size, words = vision.get("image_size", 224), text.get("vocab_size", 49408)
    return CLIPConfig(
        projection_dim=architecture["embed_dim"],
        vision_config=_configure_tower(
            vision, act, 768, vision.get("width", 768) // vision.get("head_width", 64)
        )
        | {
            "image_size": size if isinstance(size, int) else size[0],
            "patch_size": vision.get("patch_size", 16),
        },
        text_config=_configure_tower(text, act, 512, text.get("heads", 8))
        | {
            "vocab_size": words,
            "max_position_embeddings": text.get("context_length", 77),
            "bos_token_id": words - 2,
            "eos_token_id": words - 1,  # open_clip takes the highest token, which is this one
        },
    )


def _configure_tower(half: dict[str, Any], act: str, width: int, heads: int) -> dict[str, Any]:
    width = half.get("width", width)
    return {
        "hidden_act": act,
        "hidden_size": width,
        "intermediate_size": int(width * half.get("mlp_ratio", 4.0)),
        "num_attention_heads": heads,
        "num_hidden_layers": half.get("layers", 12),
    }


def _read_tokenizer(name: str, folder: Path) -> Any:
    """The checkpoint's own tokenizer, else the one that CLIP's were all trained with."""
    from transformers import AutoTokenizer, CLIPTokenizer

    own = folder / "tokenizer.json"
    if own.is_file() or (folder / "merges.txt").is_file():
        return CLIPTokenizer.from_pretrained(folder, local_files_only=True)
    try:
        words = find_settings(WORDS)
    except MissingGuide as error:
        raise MissingGuide(
            f"'{name}' has no tokenizer.json of its own, and CLIP's is not here: {error}"
        ) from error
    return AutoTokenizer.from_pretrained(words, trust_remote_code=False, local_files_only=True)

"""ViTs in open_clip's format, held equal to a plain reading of open_clip's architecture."""

import json
import subprocess
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from diavlex.errors import BadWeights, MissingGuide
from diavlex.guides import clip, hub

transformers = pytest.importorskip("transformers")

TEXTS = ["a black sheep", "a lighthouse at dusk", "See Shells"]
VISION = {
    "image_size": 32,
    "layers": 2,
    "width": 24,
    "head_width": 8,
    "patch_size": 8,
    "mlp_ratio": 2.7,
}
TEXT = {"context_length": 18, "vocab_size": 59, "width": 16, "heads": 4, "layers": 3}
PLAIN = {"embed_dim": 12, "vision_cfg": VISION, "text_cfg": TEXT}
MEAN, STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)


class QuickGelu(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x * torch.sigmoid(1.702 * x)


class Block(nn.Module):
    """open_clip's ResidualAttentionBlock."""

    def __init__(self, width: int, heads: int, mlp_ratio: float, act: nn.Module) -> None:
        super().__init__()
        hidden = int(width * mlp_ratio)
        self.ln_1 = nn.LayerNorm(width)
        self.attn = nn.MultiheadAttention(width, heads, batch_first=True)
        self.ln_2 = nn.LayerNorm(width)
        layers = (
            ("c_fc", nn.Linear(width, hidden)),
            ("gelu", act),
            ("c_proj", nn.Linear(hidden, width)),
        )
        self.mlp = nn.Sequential(OrderedDict(layers))

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        y = self.ln_1(x)
        x = x + self.attn(y, y, y, need_weights=False, attn_mask=mask)[0]
        return x + self.mlp(self.ln_2(x))


class Blocks(nn.Module):
    def __init__(self, layers: int, *block: Any) -> None:
        super().__init__()
        self.resblocks = nn.ModuleList(Block(*block) for _ in range(layers))

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        for block in self.resblocks:
            x = block(x, mask)
        return x


class Visual(nn.Module):
    """open_clip's VisionTransformer with its defaults."""

    def __init__(self, embed: int, cfg: dict[str, Any], act: nn.Module) -> None:
        super().__init__()
        width, patch = cfg["width"], cfg["patch_size"]
        self.conv1 = nn.Conv2d(3, width, patch, stride=patch, bias=False)
        self.class_embedding = nn.Parameter(torch.randn(width))
        self.positional_embedding = nn.Parameter(
            torch.randn((cfg["image_size"] // patch) ** 2 + 1, width)
        )
        self.ln_pre = nn.LayerNorm(width)
        heads = width // cfg.get("head_width", 64)
        self.transformer = Blocks(cfg["layers"], width, heads, cfg.get("mlp_ratio", 4.0), act)
        self.ln_post = nn.LayerNorm(width)
        self.proj = nn.Parameter(torch.randn(width, embed) / width**0.5)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x).flatten(2).transpose(1, 2)
        x = (
            torch.cat([self.class_embedding.expand(len(x), 1, -1), x], dim=1)
            + self.positional_embedding
        )
        x = self.transformer(self.ln_pre(x))
        return self.ln_post(x)[:, 0] @ self.proj


class Reference(nn.Module):
    """open_clip's CLIP."""

    def __init__(self, cfg: dict[str, Any]) -> None:
        super().__init__()
        act = QuickGelu() if cfg.get("quick_gelu") else nn.GELU()
        text = cfg["text_cfg"]
        width = text["width"]
        self.visual = Visual(cfg["embed_dim"], cfg["vision_cfg"], act)
        self.transformer = Blocks(
            text["layers"], width, text["heads"], text.get("mlp_ratio", 4.0), act
        )
        self.token_embedding = nn.Embedding(text["vocab_size"], width)
        self.positional_embedding = nn.Parameter(torch.randn(text["context_length"], width))
        self.ln_final = nn.LayerNorm(width)
        self.text_projection = nn.Parameter(torch.randn(width, cfg["embed_dim"]) / width**0.5)
        self.logit_scale = nn.Parameter(torch.tensor(2.66))

    def encode_image(self, x: Tensor) -> Tensor:
        mean, std = (torch.tensor(numbers).view(3, 1, 1) for numbers in (MEAN, STD))
        return nn.functional.normalize(self.visual((x - mean) / std), dim=-1)

    def encode_text(self, tokens: Tensor) -> Tensor:
        length = tokens.shape[1]
        mask = torch.full((length, length), float("-inf")).triu(1)
        x = self.token_embedding(tokens) + self.positional_embedding[:length]
        x = self.ln_final(self.transformer(x, mask))
        x = x[torch.arange(len(x)), tokens.argmax(dim=-1)] @ self.text_projection
        return nn.functional.normalize(x, dim=-1)


def words() -> Any:
    letters = [chr(n) for n in range(ord("a"), ord("z") + 1)]
    ends = [letter + "</w>" for letter in letters]
    merges = [("s", "h"), ("e", "e"), ("sh", "ee"), ("shee", "p</w>"), ("a", "t</w>")]
    vocab = [
        *letters,
        *ends,
        *("".join(pair) for pair in merges),
        "<|startoftext|>",
        "<|endoftext|>",
    ]
    return transformers.CLIPTokenizer(
        vocab={token: n for n, token in enumerate(vocab)}, merges=merges
    )


def tokenize(texts: list[str], length: int) -> Tensor:
    """As open_clip's own tokenizer: zeros after the end."""
    rows = words()(texts)["input_ids"]
    return torch.tensor([row + [0] * (length - len(row)) for row in rows])


def write(folder: Path, cfg: dict[str, Any], prefix: str = "", **pictures: Any) -> Reference:
    """A random checkpoint, written as open_clip writes one."""
    folder.mkdir()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        reference = Reference(cfg).eval()
        for value in reference.parameters():
            nn.init.normal_(value, mean=float(value.ndim == 1), std=0.3)
    tensors = {prefix + key: value.contiguous() for key, value in reference.state_dict().items()}
    save_file(tensors, folder / "open_clip_model.safetensors")
    settings = {"model_cfg": cfg, "preprocess_cfg": {"mean": MEAN, "std": STD, **pictures}}
    (folder / "open_clip_config.json").write_text(json.dumps(settings))
    words().save_pretrained(folder)
    return reference


@pytest.mark.parametrize("quick", [False, True], ids=["gelu", "quickgelu"])
@pytest.mark.parametrize("prefix", ["", "module."], ids=["plain", "from training"])
@torch.no_grad()
def test_an_open_clip_checkpoint_is_read_as_open_clip_reads_it(
    tmp_path: Path, quick: bool, prefix: str
) -> None:
    reference = write(tmp_path / "vit", {**PLAIN, "quick_gelu": quick}, prefix)
    guide = clip.load(str(tmp_path / "vit"))
    pictures = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    expected = reference.encode_image(pictures)
    torch.testing.assert_close(guide.encode_image(pictures), expected, rtol=0, atol=2e-6)
    expected = reference.encode_text(tokenize(TEXTS, 18))
    torch.testing.assert_close(guide.encode_text(TEXTS), expected, rtol=0, atol=2e-6)
    assert (expected[0] - expected[1]).norm() > 0.05
    assert (guide.side_px, guide.max_words) == (32, 18)


def test_the_gradient_is_that_of_open_clip(tmp_path: Path) -> None:
    reference = write(tmp_path / "vit", PLAIN)
    guide = clip.load(str(tmp_path / "vit"))
    pictures = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(1)).requires_grad_()
    push = torch.randn(2, 12, generator=torch.Generator().manual_seed(2))
    (ours,) = torch.autograd.grad(guide.encode_image(pictures), pictures, push)
    (theirs,) = torch.autograd.grad(reference.encode_image(pictures), pictures, push)
    torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-6)


@torch.no_grad()
def test_a_checkpoint_with_a_tower_of_its_own_for_text_is_read(tmp_path: Path) -> None:
    reference = write(tmp_path / "vit", PLAIN)
    path = tmp_path / "vit" / "open_clip_model.safetensors"
    outer = ("visual.", "logit_scale")
    save_file(
        {k if k.startswith(outer) else "text." + k: v for k, v in load_file(path).items()}, path
    )
    expected = reference.encode_text(tokenize(TEXTS, 18))
    ours = clip.load(str(tmp_path / "vit")).encode_text(TEXTS)
    torch.testing.assert_close(ours, expected, rtol=0, atol=2e-6)


@torch.no_grad()
def test_long_texts_end_where_open_clip_ends_them(tmp_path: Path) -> None:
    reference = write(tmp_path / "vit", PLAIN)
    guide = clip.load(str(tmp_path / "vit"))
    long = "a b c d e f g h i j k l m n o p q r s t"
    row = words()([long])["input_ids"][0]
    cut = torch.tensor([[*row[:17], 58]])
    torch.testing.assert_close(
        guide.encode_text([long]), reference.encode_text(cut), rtol=0, atol=2e-6
    )
    assert guide.unread(long) == "q r s t"


@pytest.mark.parametrize(
    ("mode", "seen"), [("shortest", (32, 48)), ("squash", (32, 32))], ids=["shortest", "squash"]
)
def test_pictures_are_fitted_as_the_settings_say(
    tmp_path: Path, mode: str, seen: tuple[int, int]
) -> None:
    write(tmp_path / "vit", PLAIN, resize_mode=mode, interpolation="bilinear")
    pictures = torch.rand(1, 3, 64, 96, generator=torch.Generator().manual_seed(1))
    fitted = nn.functional.interpolate(pictures, seen, mode="bilinear", antialias=True)
    left = (seen[1] - 32) // 2
    mean, std = (torch.tensor(numbers).view(3, 1, 1) for numbers in (MEAN, STD))
    expected = (fitted[..., left : left + 32] - mean) / std
    torch.testing.assert_close(clip.load(str(tmp_path / "vit")).lens(pictures), expected)


def hurt_with_nan(folder: Path, tensors: dict[str, Tensor]) -> None:
    tensors["visual.transformer.resblocks.1.attn.in_proj_weight"][30, 3] = float("nan")
    save_file(tensors, folder / "open_clip_model.safetensors")


def lose_text(folder: Path, tensors: dict[str, Tensor]) -> None:
    visual = {key: value for key, value in tensors.items() if key.startswith("visual.")}
    save_file(visual, folder / "open_clip_model.safetensors")


def gain_a_tensor(folder: Path, tensors: dict[str, Tensor]) -> None:
    tensors["visual.transformer.resblocks.0.ls_1.gamma"] = torch.ones(24)
    save_file(tensors, folder / "open_clip_model.safetensors")


def gain_a_layer(folder: Path, tensors: dict[str, Tensor]) -> None:
    block = "visual.transformer.resblocks."
    last = {key: value.clone() for key, value in tensors.items() if key.startswith(block + "1.")}
    more = {key.replace(block + "1.", block + "2."): value for key, value in last.items()}
    save_file(tensors | more, folder / "open_clip_model.safetensors")


def cut_short(folder: Path, tensors: dict[str, Tensor]) -> None:
    path = folder / "open_clip_model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


def settle(folder: Path, half: str, **settings: Any) -> None:
    path = folder / "open_clip_config.json"
    whole = json.loads(path.read_text())
    whole["model_cfg"].setdefault(half, {}).update(settings)
    path.write_text(json.dumps(whole))


def be_a_resnet(folder: Path, tensors: dict[str, Tensor]) -> None:
    settle(folder, "vision_cfg", layers=[3, 4, 6, 3])


def be_of_timm(folder: Path, tensors: dict[str, Tensor]) -> None:
    settle(folder, "vision_cfg", timm_model_name="vit_base_patch16_siglip_224")


def pool_otherwise(folder: Path, tensors: dict[str, Tensor]) -> None:
    settle(folder, "text_cfg", pool_type="last")


def be_wider(folder: Path, tensors: dict[str, Tensor]) -> None:
    settle(folder, "vision_cfg", width=32)


def resize_otherwise(folder: Path, tensors: dict[str, Tensor]) -> None:
    path = folder / "open_clip_config.json"
    path.write_text(path.read_text().replace('"mean"', '"resize_mode": "longest", "mean"'))


def garble(folder: Path, tensors: dict[str, Tensor]) -> None:
    (folder / "open_clip_config.json").write_text("{}")


BROKEN = {
    hurt_with_nan: "NaN or infinity in",
    lose_text: r"lacks .* tensors \(first: logit_scale\)",
    gain_a_tensor: "'visual.transformer.resblocks.0.ls_1.gamma' has no place",
    gain_a_layer: "no place",
    cut_short: "cannot be read",
    be_a_resnet: "is a ResNet",
    be_of_timm: "not a plain ViT of open_clip",
    pool_otherwise: r"not a plain ViT of open_clip \(pool_type: last\)",
    be_wider: "cannot be read",
    resize_otherwise: "pictures are to be resized",
    garble: "cannot be read",
}


@pytest.mark.parametrize("breakage", BROKEN, ids=lambda breakage: breakage.__name__)
def test_a_broken_checkpoint_is_refused_in_one_line(
    breakage: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "vit", PLAIN)
    breakage(tmp_path / "vit", load_file(tmp_path / "vit" / "open_clip_model.safetensors"))
    capfd.readouterr()
    with pytest.raises(BadWeights, match=BROKEN[breakage]) as caught:
        clip.load(str(tmp_path / "vit"))
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", ""), "the error is the only line"


def test_a_pickle_is_refused_with_a_way_that_works(tmp_path: Path) -> None:
    folder = tmp_path / "vit"
    reference = write(folder, PLAIN)
    (folder / "open_clip_model.safetensors").unlink()
    state = {"module." + key: value for key, value in reference.state_dict().items()}
    torch.save({"epoch": 1, "state_dict": state}, folder / "trained.pt")
    for name in (folder, folder / "trained.pt"):
        with pytest.raises(BadWeights, match="is a pickle") as caught:
            clip.load(str(name))
        assert "\n" not in str(caught.value)
    subprocess.run(str(caught.value).split("name its folder: ")[1], shell=True, check=True)
    assert clip.load(str(folder)).encode_text(TEXTS).shape == (3, 12)


def test_without_words_of_its_own_it_takes_those_of_clip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = write(tmp_path / "vit", PLAIN)
    (tmp_path / "words").mkdir()
    for path in (tmp_path / "vit").glob("*token*"):
        path.rename(tmp_path / "words" / path.name)
    monkeypatch.setattr("diavlex.guides.open_clip.find_settings", lambda name: tmp_path / "words")
    ours = clip.load(str(tmp_path / "vit")).encode_text(TEXTS)
    with torch.no_grad():
        torch.testing.assert_close(
            ours, reference.encode_text(tokenize(TEXTS, 18)), rtol=0, atol=2e-6
        )


def test_words_of_another_model_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "vit", PLAIN)
    vocab = {token: n for n, token in enumerate(["<|startoftext|>", *map(chr, range(97, 123))])}
    more = vocab | {"<|endoftext|>": 4000}
    transformers.CLIPTokenizer(vocab=more, merges=[]).save_pretrained(tmp_path / "vit")
    with pytest.raises(BadWeights, match="writes token 4000, and the weights know 59"):
        clip.load(str(tmp_path / "vit"))


def test_without_any_words_the_way_out_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    write(tmp_path / "vit", PLAIN)
    for path in (tmp_path / "vit").glob("*token*"):
        path.unlink()
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(hub, "is_reachable", lambda address: False)
    with pytest.raises(MissingGuide, match=r"no tokenizer.json of its own.*--guide pocket"):
        clip.load(str(tmp_path / "vit"))

"""Laws over every family of dual encoders, on tiny checkpoints in their real file formats."""

import hashlib
import json
import shlex
import shutil
import subprocess
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from diavlex.device import has_bfloat16
from diavlex.errors import BadValue, BadWeights, MissingGuide, UnknownName
from diavlex.guides import clip, hub, load
from diavlex.guides.dual_encoder import DualEncoder

transformers = pytest.importorskip("transformers")

WORDS = "a photo of black white sheep red apple lighthouse at dusk and the sea".split()
TEXTS = ["a black sheep", "a lighthouse at dusk", "A Red APPLE and the sea"]
TOWER = {
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
}
SIDE = 32


@dataclass(frozen=True)
class Family:
    """How to write a tiny checkpoint of a family, and how transformers itself reads it."""

    config: Any
    tokenizer: Any
    processor: Any
    """Made without torchvision."""
    length: int = 20
    is_lowercase: bool = False


def clip_words() -> Any:
    letters = [chr(n) for n in range(ord("a"), ord("z") + 1)]
    ends = [letter + "</w>" for letter in letters]
    merges = [("s", "h"), ("e", "e"), ("sh", "ee"), ("shee", "p</w>"), ("a", "t</w>")]
    vocab = [*letters, *ends, *("".join(pair) for pair in merges)]
    vocab += ["<|startoftext|>", "<|endoftext|>"]
    ids = {token: index for index, token in enumerate(vocab)}
    return transformers.CLIPTokenizer(vocab=ids, merges=merges, model_max_length=20)


def gemma_vocab() -> dict[str, int]:
    letters = [chr(n) for n in range(ord("a"), ord("z") + 1)] + [
        chr(n) for n in range(ord("A"), ord("Z") + 1)
    ]
    return {
        token: n
        for n, token in enumerate(["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "▁", *letters])
    }


def gemma_words(kind: str) -> Any:
    from tokenizers.processors import TemplateProcessing

    words = getattr(transformers, kind)(
        vocab=gemma_vocab(), merges=[], padding_side="right", model_input_names=["input_ids"]
    )
    ending = TemplateProcessing(
        single="$A <eos>", pair="$A <eos> $B <eos>", special_tokens=[("<eos>", 1)]
    )
    words.backend_tokenizer.post_processor = ending
    return words


def bert_words() -> Any:
    vocab = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(WORDS)]
    return transformers.BertTokenizer(
        vocab={token: n for n, token in enumerate(vocab)}, model_max_length=512
    )


def roberta_words() -> Any:
    vocab = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    vocab += [("▁" + word, -float(n)) for n, word in enumerate(dict.fromkeys(WORDS), 1)]
    return transformers.XLMRobertaTokenizer(vocab=[*vocab, ("<mask>", 0.0)], model_max_length=512)


def pil(kind: str, **settings: Any) -> Any:
    from importlib import import_module

    family = {"EfficientNet": "efficientnet", "CLIP": "clip", "ChineseCLIP": "chinese_clip"}.get(
        kind, kind.lower()
    )
    module = import_module(f"transformers.models.{family}.image_processing_pil_{family}")
    return getattr(module, f"{kind}ImageProcessorPil")(**settings)


def clip_pictures(kind: str = "CLIP") -> Any:
    return pil(kind, size={"shortest_edge": SIDE}, crop_size={"height": SIDE, "width": SIDE})


def two_towers(
    kind: str, words: int, places: int = 20, vision: dict | None = None, **more: Any
) -> Any:
    text = {**TOWER, "vocab_size": words, "max_position_embeddings": places, **more.pop("text", {})}
    seen = {**TOWER, "image_size": SIDE, "patch_size": 8} if vision is None else vision
    return getattr(transformers, kind)(text_config=text, vision_config=seen, **more)


def clip_config() -> Any:
    marks = {"bos_token_id": 57, "eos_token_id": 58, "pad_token_id": 58}
    return two_towers("CLIPConfig", 59, text=marks, projection_dim=12)


ALIGN_VISION = {
    "image_size": SIDE,
    "width_coefficient": 1.0,
    "depth_coefficient": 1.0,
    "kernel_sizes": [3],
    "in_channels": [32],
    "out_channels": [16],
    "strides": [2],
    "num_block_repeats": [1],
    "expand_ratios": [1],
    "hidden_dim": 16,
}

FAMILIES = {
    "clip": Family(clip_config, clip_words, clip_pictures),
    "siglip2 of one size": Family(
        lambda: two_towers("SiglipConfig", 58, text={"projection_size": 16}),
        lambda: gemma_words("GemmaTokenizer"),
        lambda: pil("Siglip", size={"height": SIDE, "width": SIDE}),
        is_lowercase=True,
    ),
    "siglip2 of any size": Family(
        lambda: two_towers(
            "Siglip2Config",
            58,
            vision={**TOWER, "num_patches": 16, "patch_size": 8},
            text={"projection_size": 16},
        ),
        lambda: gemma_words("Siglip2Tokenizer"),
        lambda: pil("Siglip2", patch_size=8, max_num_patches=16),
        is_lowercase=True,
    ),
    "metaclip 2": Family(
        lambda: two_towers(
            "MetaClip2Config",
            20,
            text={"eos_token_id": 2, "bos_token_id": 0, "pad_token_id": 1},
            projection_dim=12,
        ),
        roberta_words,
        clip_pictures,
    ),
    "altclip": Family(
        lambda: two_towers(
            "AltCLIPConfig", 20, places=90, text={"project_dim": 12}, projection_dim=12
        ),
        roberta_words,
        clip_pictures,
        length=77,
    ),
    "chinese clip": Family(
        lambda: two_towers("ChineseCLIPConfig", 19, places=60, projection_dim=12),
        bert_words,
        lambda: clip_pictures("ChineseCLIP"),
        length=52,
    ),
    "align": Family(
        lambda: two_towers("AlignConfig", 19, places=70, vision=ALIGN_VISION, projection_dim=16),
        bert_words,
        lambda: pil(
            "EfficientNet",
            size={"height": 40, "width": 40},
            crop_size={"height": SIDE, "width": SIDE},
            do_center_crop=True,
            rescale_factor=1 / 127.5,
            rescale_offset=True,
            include_top=False,
        ),
        length=64,
    ),
}


def write(family: Family, folder: Path) -> Path:
    """A tiny checkpoint with random weights, large enough that inputs make a difference."""
    generator = torch.Generator().manual_seed(0)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = transformers.AutoModel.from_config(family.config()).eval()
    for value in model.state_dict().values():
        if value.is_floating_point() and value.ndim > 1:
            value.copy_(torch.randn(value.shape, generator=generator) * 2 / value[0].numel() ** 0.5)
    model.save_pretrained(folder)
    family.tokenizer().save_pretrained(folder)
    family.processor().save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    room = tmp_path_factory.mktemp("checkpoints")
    return {name: write(family, room / name.replace(" ", "-")) for name, family in FAMILIES.items()}


@pytest.fixture(scope="session")
def guides(checkpoints: dict[str, Path]) -> dict[str, DualEncoder]:
    return {name: clip.load(str(folder)) for name, folder in checkpoints.items()}


@pytest.fixture(params=FAMILIES)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def guide(name: str, guides: dict[str, DualEncoder]) -> DualEncoder:
    return guides[name]


@pytest.fixture
def folder(name: str, checkpoints: dict[str, Path]) -> Path:
    return checkpoints[name]


@pytest.fixture
def copy(checkpoints: dict[str, Path], tmp_path: Path) -> Path:
    """A CLIP checkpoint to break."""
    return Path(shutil.copytree(checkpoints["clip"], tmp_path / "copy"))


def noise(*shape: int, seed: int = 1) -> torch.Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed))


def photo(height: int, width: int) -> Image.Image:
    """Smooth, asymmetric, colored, with hard edges for bicubic to overshoot at."""
    y, x = np.mgrid[0:height, 0:width] / np.array([height, width]).reshape(2, 1, 1)
    colors = np.stack([x, y**2, 0.5 + 0.5 * np.sin(9 * x * y)])
    colors[:, height // 4 : height // 2, width // 3 : width // 2] = np.array(
        [1.0, 0.0, 1.0]
    ).reshape(3, 1, 1)
    return Image.fromarray((colors * 255).round().astype(np.uint8).transpose(1, 2, 0))


def as_tensor(picture: Image.Image) -> torch.Tensor:
    return torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None] / 255


def unit(features: torch.Tensor) -> torch.Tensor:
    return features / features.norm(dim=-1, keepdim=True)


def test_embeddings_are_unit_vectors_of_one_width(guide: DualEncoder) -> None:
    texts, pictures = guide.encode_text(TEXTS), guide.encode_image(noise(2, 3, 40, 50))
    assert texts.shape == (3, pictures.shape[1])
    torch.testing.assert_close(texts.norm(dim=1), torch.ones(3))
    torch.testing.assert_close(pictures.norm(dim=1), torch.ones(2))
    assert texts.dtype == pictures.dtype == torch.float32


def test_each_of_a_batch_is_judged_alone(guide: DualEncoder) -> None:
    pictures = noise(3, 3, 48, 40)
    alone = torch.cat([guide.encode_image(one[None]) for one in pictures])
    torch.testing.assert_close(guide.encode_image(pictures), alone, rtol=0, atol=1e-5)
    alone = torch.cat([guide.encode_text([one]) for one in TEXTS])
    torch.testing.assert_close(guide.encode_text(TEXTS), alone, rtol=0, atol=1e-5)
    assert (alone[0] - alone[1]).abs().max() > 0.01, "texts make a difference"


def test_texts_are_read_as_transformers_reads_them(
    guide: DualEncoder, name: str, folder: Path
) -> None:
    family = FAMILIES[name]
    model = transformers.AutoModel.from_pretrained(folder).eval()
    words = transformers.AutoTokenizer.from_pretrained(folder)
    texts = [text.lower() if family.is_lowercase else text for text in TEXTS]
    tokens = words(
        texts, padding="max_length", max_length=family.length, truncation=True, return_tensors="pt"
    )
    with torch.no_grad():
        expected = unit(model.get_text_features(**tokens).pooler_output)
    torch.testing.assert_close(guide.encode_text(TEXTS), expected, rtol=0, atol=1e-5)
    assert guide.max_words == family.length


@pytest.mark.parametrize("size", [(50, 70), (90, 45), (20, 20), (SIDE, SIDE)])
def test_pictures_are_seen_as_the_processor_shows_them(
    guide: DualEncoder, folder: Path, size: tuple[int, int]
) -> None:
    model = transformers.AutoModel.from_pretrained(folder).eval()
    processor = transformers.AutoImageProcessor.from_pretrained(folder, backend="pil")
    seen = processor(images=photo(*size), return_tensors="pt")
    with torch.no_grad():
        expected = unit(model.get_image_features(**seen).pooler_output)
    embedding = guide.encode_image(as_tensor(photo(*size)))
    assert (embedding - expected).norm() < 0.03
    if guide.lens.sight.fit != "patches":
        pixels = guide.lens(as_tensor(photo(*size)))
        difference = (pixels - seen["pixel_values"]).abs() * guide.lens.std
        assert difference.mean() < 0.5 / 255, "Pillow rounds to 8 bits, and between its passes"
        assert difference.max() < 0.05


def test_the_normalization_matters(guide: DualEncoder) -> None:
    lens, pictures = guide.lens, as_tensor(photo(SIDE, SIDE))
    right = guide.encode_image(pictures)
    raw = guide.encode_image(pictures * lens.std + lens.mean)
    assert (right - raw).norm() > 0.05


def test_the_gradient_reaches_every_pixel(guide: DualEncoder) -> None:
    pictures = noise(2, 3, 64, 64).requires_grad_()
    target = guide.encode_text(["a black sheep"])
    (1 - guide.encode_image(pictures) @ target[0]).sum().backward()
    assert pictures.grad is not None
    assert torch.isfinite(pictures.grad).all()
    assert (pictures.grad.abs().amax(1) > 0).float().mean() > (
        0.5 if guide.lens.sight.crop_px else 0.99
    )
    assert all(value.grad is None for value in guide.parameters())


def test_the_gradient_is_right(guide: DualEncoder, folder: Path) -> None:
    exact = clip.load(str(folder)).double()
    pictures = 0.25 + 0.5 * noise(1, 3, 36, 40).double()
    along = torch.randn(pictures.shape, generator=torch.Generator().manual_seed(2)).double()
    target = exact.encode_text(TEXTS[:1])[0].double()

    def near(step: float) -> torch.Tensor:
        return exact.encode_image(pictures + step * along)[0] @ target

    moved = pictures.clone().requires_grad_()
    (exact.encode_image(moved)[0] @ target).backward()
    assert moved.grad is not None
    measured = (near(1e-5) - near(-1e-5)) / 2e-5
    torch.testing.assert_close((moved.grad * along).sum(), measured, rtol=1e-4, atol=1e-7)


def test_what_is_seen_in_bfloat16_is_nearly_the_same(guide: DualEncoder, folder: Path) -> None:
    """Where the machine has it; the same in value and in gradient, but for the last digits."""
    quick = load(str(folder))
    assert isinstance(quick, DualEncoder)
    assert quick.is_bfloat16
    seen = []
    for one in (guide, quick):
        pictures = noise(2, 3, 64, 64).requires_grad_()
        vectors = one.encode_image(pictures)
        assert vectors.dtype == torch.float32
        target = guide.encode_text(["a black sheep"])[0]
        (gradient,) = torch.autograd.grad((vectors @ target).sum(), pictures)
        seen.append((vectors.detach(), gradient))
    for exact, rough in zip(*seen, strict=True):
        alike = torch.cosine_similarity(exact.flatten(1), rough.flatten(1))
        assert alike.min() > 0.98
    assert torch.equal(*(pair[0] for pair in seen)) != has_bfloat16("cpu")


def test_guides_are_frozen_whatever_the_loop_does(guide: DualEncoder) -> None:
    guide.train()
    assert not any(module.training for module in guide.modules())
    assert not any(value.requires_grad for value in guide.parameters())


def test_what_is_not_read_is_told(guide: DualEncoder) -> None:
    assert guide.unread("a black sheep") == ""
    assert guide.unread("") == ""
    long = " ".join(["red"] * 200 + ["apple"])
    rest = guide.unread(long)
    read = long.removesuffix(rest).strip()
    assert rest.endswith("red apple")
    written = [len(guide.tokenizer(text)["input_ids"]) for text in (read, read + " red")]
    assert written[0] <= guide.max_words < written[1]
    assert guide.unread(read) == ""
    assert guide.unread(read + " red") == "red"


def test_pictures_of_the_right_size_are_not_resampled(guides: dict[str, DualEncoder]) -> None:
    pictures = noise(1, 3, SIDE, SIDE)
    lens = guides["clip"].lens
    assert torch.equal(lens(pictures), (pictures - lens.mean) / lens.std)
    assert lens.mean.flatten().tolist() == pytest.approx([0.48145466, 0.4578275, 0.40821073])
    assert lens.std.flatten().tolist() == pytest.approx([0.26862954, 0.26130258, 0.27577711])


def test_half_precision_checkpoints_are_read_in_full(
    copy: Path, guides: dict[str, DualEncoder]
) -> None:
    transformers.AutoModel.from_pretrained(copy, dtype=torch.float16).save_pretrained(copy)
    half = clip.load(str(copy))
    assert {value.dtype for value in half.parameters()} == {torch.float32}
    texts = half.encode_text(TEXTS)
    torch.testing.assert_close(texts, guides["clip"].encode_text(TEXTS), rtol=0, atol=0.01)


def test_checkpoints_in_parts_are_read(copy: Path, guides: dict[str, DualEncoder]) -> None:
    model = transformers.AutoModel.from_pretrained(copy)
    (copy / "model.safetensors").unlink()
    model.save_pretrained(copy, max_shard_size="20KB")
    assert not (copy / "model.safetensors").exists()
    texts = clip.load(str(copy)).encode_text(TEXTS)
    torch.testing.assert_close(texts, guides["clip"].encode_text(TEXTS))
    next(copy.glob("model-*.safetensors")).unlink()
    with pytest.raises(BadWeights):
        clip.load(str(copy))


def tensors_of(folder: Path) -> dict[str, torch.Tensor]:
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors")


def put_tensors(folder: Path, tensors: dict[str, torch.Tensor]) -> None:
    from safetensors.torch import save_file

    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def hurt_with_nan(folder: Path) -> None:
    tensors = tensors_of(folder)
    tensors["visual_projection.weight"][2, 3] = float("nan")
    put_tensors(folder, tensors)


def cut_short(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


def lose_a_tower(folder: Path) -> None:
    put_tensors(
        folder, {key: value for key, value in tensors_of(folder).items() if "text" not in key}
    )


def keep_a_pickle(folder: Path) -> None:
    torch.save(tensors_of(folder), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()


def empty(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def lose_the_settings(folder: Path) -> None:
    (folder / "config.json").unlink()


def garble_the_settings(folder: Path) -> None:
    (folder / "config.json").write_text('{"model_type": "clip", ')


def be_a_language_model(folder: Path) -> None:
    shutil.rmtree(folder)
    small = {**TOWER, "vocab_size": 19, "max_position_embeddings": 20}
    transformers.BertModel(transformers.BertConfig(**small)).save_pretrained(folder)


def change_the_width(folder: Path) -> None:
    settings = json.loads((folder / "config.json").read_text())
    settings["projection_dim"] = 13
    (folder / "config.json").write_text(json.dumps(settings))


def lose_the_words(folder: Path) -> None:
    for path in folder.glob("*token*"):
        path.unlink()


def lose_the_sight(folder: Path) -> None:
    (folder / "preprocessor_config.json").unlink()


def want_code(folder: Path) -> None:
    settings = json.loads((folder / "config.json").read_text())
    settings |= {
        "model_type": "mine",
        "auto_map": {"AutoConfig": "evil.Config", "AutoModel": "evil.Model"},
    }
    (folder / "config.json").write_text(json.dumps(settings))
    (folder / "evil.py").write_text("raise SystemExit('ran')")


BROKEN = {
    hurt_with_nan: "NaN or infinity in 'visual_projection.weight'",
    cut_short: "cannot be read",
    lose_a_tower: "lacks .* tensors",
    keep_a_pickle: "is a pickle",
    empty: "no model.safetensors",
    lose_the_settings: "config.json",
    garble_the_settings: "cannot be read",
    be_a_language_model: "is a 'bert', not a dual encoder",
    change_the_width: "cannot be read",
    lose_the_words: "has none of tokenizer.json",
    lose_the_sight: "cannot be read",
    want_code: "cannot be read",
}


@pytest.mark.parametrize("breakage", BROKEN, ids=lambda breakage: breakage.__name__)
def test_a_broken_folder_is_refused_in_one_line(
    breakage: Any, copy: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    breakage(copy)
    capfd.readouterr()
    with pytest.raises(BadWeights, match=BROKEN[breakage]) as caught:
        clip.load(str(copy))
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", ""), "the error is the only line"


def run_cure(error: BadWeights) -> None:
    """Do what the message says: a command after the last colon."""
    command = str(error).split("name its folder: ")[1]
    assert "\n" not in command
    subprocess.run(command, shell=True, check=True)


@pytest.mark.parametrize("parts", [1, 3], ids=["whole", "in parts"])
def test_a_pickle_of_transformers_is_converted_by_the_command_that_is_told(
    parts: int, copy: Path, guides: dict[str, DualEncoder]
) -> None:
    folder = copy.rename(copy.with_name('a folder\'s "own" $HOME'))
    tensors = tensors_of(folder)
    (folder / "model.safetensors").unlink()
    for n in range(parts):
        name = f"pytorch_model-{n}-of-{parts}.bin" if parts > 1 else "pytorch_model.bin"
        torch.save({k: tensors[k] for k in sorted(tensors)[n::parts]}, folder / name)
    torch.save({}, folder / "optimizer.pt")
    with pytest.raises(BadWeights, match="is a pickle") as caught:
        clip.load(str(folder))
    run_cure(caught.value)
    texts = clip.load(str(folder)).encode_text(TEXTS)
    torch.testing.assert_close(texts, guides["clip"].encode_text(TEXTS))


def test_a_pickle_without_settings_wants_them_first(copy: Path) -> None:
    keep_a_pickle(copy)
    settings = (copy / "config.json").rename(copy.with_name("elsewhere.json"))
    with pytest.raises(BadWeights, match=r"put the config\.json .* beside it"):
        clip.load(str(copy))
    settings.rename(copy / "config.json")
    for path in (copy, copy / "pytorch_model.bin"):
        with pytest.raises(BadWeights, match=r"is a pickle.*/ .*model\.safetensors"):
            clip.load(str(path))


def test_a_torchscript_program_is_never_run(copy: Path) -> None:
    with zipfile.ZipFile(copy / "ViT-B-32.pt", "w") as archive:  # as torch.jit.save lays it out
        for name in ("data.pkl", "constants.pkl", "version", "code/__torch__.py"):
            archive.writestr(f"ViT-B-32/{name}", b"")
    with pytest.raises(BadWeights, match=r"TorchScript program.*--guide clip"):
        clip.load(str(copy / "ViT-B-32.pt"))


def test_opening_says_nothing(copy: Path, capfd: pytest.CaptureFixture[str]) -> None:
    clip.load(str(copy))
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A hub that no network reaches, and an empty cache."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))


@pytest.mark.usefixtures("far")
@pytest.mark.parametrize(
    "name", ["clip", "siglip2", "fare", "tecoa", "someone/model", "hf-hub:someone/model"]
)
def test_offline_is_said_at_once_with_what_to_do(name: str) -> None:
    start = time.monotonic()
    with pytest.raises(MissingGuide, match=r"cannot be reached.*--guide pocket") as caught:
        clip.load(name)
    assert time.monotonic() - start < 5
    assert "\n" not in str(caught.value)
    assert name.removeprefix("hf-hub:").split("/")[0] in str(caught.value) or name in clip.KNOWN


def test_a_hub_that_never_answers_is_not_waited_for() -> None:
    import socket

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(1)
        start = time.monotonic()
        assert not hub.is_reachable(f"http://127.0.0.1:{silent.getsockname()[1]}", 0.3)
        assert time.monotonic() - start < 2


def test_a_name_that_is_looked_up_forever_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hub, "_answers", lambda address, patience_s: time.sleep(5) or True)
    start = time.monotonic()
    assert not hub.is_reachable("http://nowhere", 0.2)
    assert time.monotonic() - start < 2


@pytest.mark.usefixtures("far")
def test_a_model_fetched_before_needs_no_network(
    checkpoints: dict[str, Path], tmp_path: Path
) -> None:
    store = tmp_path / "cache" / "models--someone--model"
    (store / "refs").mkdir(parents=True)
    (store / "refs" / "main").write_text("0" * 40)
    shutil.copytree(checkpoints["clip"], store / "snapshots" / ("0" * 40))
    assert hub.is_here("someone/model")
    assert clip.load("someone/model").encode_text(TEXTS).shape == (3, 12)
    (store / "snapshots" / ("0" * 40) / "model.safetensors").unlink()
    assert not hub.is_here("someone/model")
    assert not clip.KNOWN["clip"].is_here


class Hub(BaseHTTPRequestHandler):
    """The few answers of a hub that one model needs."""

    room: Path
    fetched: list[str]
    commit = "1" * 40

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.removeprefix("/api/models/someone/model/revision/") in ("main", "refs%2Fpr%2F1"):
            self.answer(
                json.dumps({"id": "someone/model", "sha": self.commit, "siblings": []}).encode()
            )
        elif path == f"/api/models/someone/model/tree/{self.commit}":
            files = [path for path in self.room.rglob("*") if path.is_file()]
            self.answer(json.dumps([self.row(file) for file in files]).encode())
        elif path.startswith(f"/someone/model/resolve/{self.commit}/"):
            name = path.split("/", 5)[5]
            self.fetched += [name] if self.command == "GET" else []
            self.answer((self.room / name).read_bytes())
        else:
            self.answer(b"", 404, {"X-Error-Code": "RepoNotFound"} if "/api/" in path else {})

    do_HEAD = do_GET

    def row(self, file: Path) -> dict[str, Any]:
        name = file.relative_to(self.room).as_posix()
        return {"type": "file", "path": name, "size": file.stat().st_size, "oid": "0" * 40}

    def answer(self, body: bytes, code: int = 200, more: dict[str, str] | None = None) -> None:
        self.send_response(code)
        mark = hashlib.sha1(body).hexdigest()
        head = {"Content-Length": str(len(body)), "ETag": f'"{mark}"', "X-Repo-Commit": self.commit}
        for key, value in (head | (more or {})).items():
            self.send_header(key, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def near(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, checkpoints: dict[str, Path]
) -> Iterator[type[Hub]]:
    """A hub on this machine that has one model, in more forms than it needs."""
    from huggingface_hub import constants

    Hub.room, Hub.fetched = Path(shutil.copytree(checkpoints["clip"], tmp_path / "room")), []
    (Hub.room / "onnx").mkdir()
    for name in (
        "pytorch_model.bin",
        "open_clip_model.safetensors",
        "open_clip_config.json",
        "onnx/config.json",
    ):
        (Hub.room / name).write_text(json.dumps(name))  # no two alike: the hub keeps one of those
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        monkeypatch.setattr(constants, "ENDPOINT", address)
        monkeypatch.setattr(
            constants,
            "HUGGINGFACE_CO_URL_TEMPLATE",
            address + "/{repo_id}/resolve/{revision}/{filename}",
        )
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
        yield Hub
        server.shutdown()


def test_a_model_is_fetched_from_the_hub_without_what_it_does_not_need(near: type[Hub]) -> None:
    assert clip.load("someone/model").encode_text(TEXTS).shape == (3, 12)
    assert "model.safetensors" in near.fetched
    assert not {"pytorch_model.bin", "open_clip_model.safetensors", "onnx/config.json"} & set(
        near.fetched
    )
    near.fetched.clear()
    assert hub.is_here("someone/model")
    clip.load("someone/model")
    assert near.fetched == []


FILES = ["model.safetensors", "config.json", "tokenizer.json", "preprocessor_config.json"]


@pytest.mark.usefixtures("near")
@pytest.mark.parametrize("file", FILES)
def test_a_file_cut_in_the_cache_is_mended_as_is_told(file: str) -> None:
    clip.load("someone/model")
    path = hub.find_folder("someone/model") / file
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(BadWeights, match=r"'someone/model' cannot be read: .*snapshots") as caught:
        clip.load("someone/model")
    (store,) = shlex.split(str(caught.value).split("delete the folder ")[1].split(", and it")[0])
    assert path.is_relative_to(store)
    shutil.rmtree(store)
    assert clip.load("someone/model").encode_text(TEXTS).shape == (3, 12)


def test_a_revision_that_has_safetensors_is_fetched(near: type[Hub]) -> None:
    """As is told where a model's main revision has none."""
    (near.room / "model.safetensors").rename(near.room.with_name("kept"))
    (near.room / "open_clip_config.json").unlink()
    with pytest.raises(BadWeights, match=r"owner/model@refs/pr/1"):
        clip.load("someone/model")
    near.room.with_name("kept").rename(near.room / "model.safetensors")
    near.commit = "2" * 40
    assert clip.load("someone/model@refs/pr/1").encode_text(TEXTS).shape == (3, 12)


@pytest.mark.usefixtures("near")
def test_a_model_that_the_hub_does_not_have_is_told() -> None:
    with pytest.raises(MissingGuide, match=r"the hub has no model 'someone/else'.*--guide pocket"):
        clip.load("someone/else")


def test_a_model_of_pickles_on_the_hub_is_refused(near: type[Hub]) -> None:
    (near.room / "model.safetensors").unlink()
    (near.room / "open_clip_config.json").unlink()
    with pytest.raises(BadWeights, match=r"holds no model\.safetensors") as caught:
        clip.load("someone/model")
    assert "\n" not in str(caught.value)
    assert "pytorch_model.bin" not in near.fetched


@pytest.mark.parametrize(
    ("name", "error", "match"),
    [
        ("clpi", UnknownName, "did you mean 'clip'"),
        ("/nowhere/at/all", MissingGuide, "no folder '/nowhere/at/all'"),
        ("some--one/mo del", MissingGuide, "no folder 'some--one/mo del'"),
        ("nowhere/model.pt", MissingGuide, "there is no nowhere/model.pt"),
        ("ViT-B/32", UnknownName, "no guide is called 'ViT-B/32': did you mean 'clip'"),
        ("ViT-B-16", UnknownName, "did you mean 'clip-b16'"),
        ("ViT-L/14", UnknownName, "did you mean 'openai/clip-vit-large-patch14'"),
        ("", BadValue, "is empty"),
        ("a\0b/c", BadValue, "zero byte"),
        ("a/" + "b" * 300, MissingGuide, "no folder"),
        ("a\x1b[31m/b", MissingGuide, r"no folder 'a.x1b\[31m/b'"),
    ],
)
def test_a_wrong_name_is_told(name: str, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        clip.load(name)


@pytest.mark.usefixtures("far")
class TestFoldersThatAreMeant:
    """What can only have been meant as a folder is told before the hub is asked."""

    @pytest.fixture(autouse=True)
    def _here(self, checkpoints: dict[str, Path], tmp_path: Path, monkeypatch: Any) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(hub, "is_reachable", lambda address: pytest.fail("the hub was asked"))
        shutil.copytree(checkpoints["clip"], "ck/tiny, mine")

    def test_a_comma_in_a_folders_name(self) -> None:
        for name in ("ck/tiny", str(Path("ck/tiny").absolute()), "./ck/tiny"):
            with pytest.raises(MissingGuide, match="a comma ends the name of a guide") as caught:
                clip.check(name)
            assert name in str(caught.value)
        command = str(caught.value).split("without one: ")[1]
        subprocess.run(command, shell=True, check=True)
        assert clip.load(shlex.split(command)[-1]).encode_text(TEXTS).shape == (3, 12)

    def test_a_folder_that_is_nearly_called_so(self) -> None:
        Path("ck/tiny, mine").rename("ck/tiny-mine")
        with pytest.raises(MissingGuide, match=r"mean 'ck/tiny-mine'.*hf-hub:ck/tiny-mien"):
            clip.load("ck/tiny-mien")
        clip.check("hf-hub:ck/tiny-mien")
        clip.check("openai/clip-vit-base-patch32")

    def test_a_folder_of_another_place(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(hub, "is_reachable", lambda address: False)
        with pytest.raises(MissingGuide) as caught:
            clip.load("elsewhere/tiny")
        assert f"'elsewhere/tiny' is no folder in {Path.cwd()} " in str(caught.value)

    def test_a_folder_at_home(self, monkeypatch: Any) -> None:
        monkeypatch.setenv("HOME", str(Path.cwd()))
        assert clip.load("~/ck/tiny, mine").encode_text(TEXTS).shape == (3, 12)

    def test_a_folder_called_as_a_model_of_openai(self) -> None:
        Path("ViT-B").mkdir()
        Path("ck/tiny, mine").rename("ViT-B/32")
        assert clip.load("ViT-B/32").encode_text(TEXTS).shape == (3, 12)


def test_without_transformers_the_way_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clip, "find_spec", lambda name: None)
    with pytest.raises(MissingGuide, match=r"pip install 'diavlex\[clip\]'.*pocket"):
        clip.load("clip")
    with pytest.raises(UnknownName, match="did you mean 'pocket'"):
        clip.load("pokcet")


def test_a_folder_is_found_again_from_elsewhere(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A painting whose guide was named from another folder goes on, to the same end."""
    import diavlex

    monkeypatch.chdir(copy.parent)
    choices: dict[str, Any] = {
        "guide": f"./{copy.name}", "strokes": 8, "steps": 4, "views": 2, "size": "64x64",
        "canvas_px": 32,
    }  # fmt: skip
    whole = diavlex.paint("a fox", **choices)
    session = diavlex.begin("a fox", folder=tmp_path / "fox", **choices)
    next(session.paint())
    session.keep()
    (tmp_path / "else").mkdir()
    monkeypatch.chdir(tmp_path / "else")
    again = diavlex.resume(tmp_path / "fox")
    again.keep()
    again = diavlex.resume(tmp_path / "fox")
    for _ in again.paint():
        pass
    assert torch.equal(again.painting().actions, whole.actions)
    assert again.painting().guide == whole.guide == choices["guide"]

"""Teaching icons: cut out, chosen by name, laid over each other; never a single drawing."""

import gzip
import hashlib
import io
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from diavlex import weights
from diavlex.guides.icons import Icons
from diavlex.guides.pocket import Pocket, packed
from diavlex.guides.words import Words
from diavlex.training import corpus as shards
from diavlex.training.choosing import Chooser
from diavlex.training.corpus import Corpus, Row
from diavlex.training.drawings import SIDE, cut_out, drawings, hand_of, is_usable, names_of
from diavlex.training.iconed import reteach
from diavlex.training.icons import laid_over, spread, taught
from diavlex.training.pool import part_of
from diavlex.training.registration import alike, registered
from diavlex.training.wordnet import WordNet

PX = 96
NOUNS = """\
  1 a line of the licence
00000010 03 n 01 entity 0 000 | all
00000020 20 n 02 tree 0 arbor 1 001 @ 00000010 n 0000 | grows
00000030 20 n 01 oak 0 001 @ 00000020 n 0000 | grows acorns
00000040 05 n 01 dog 0 001 @ 00000050 n 0000 | barks
00000050 05 n 01 animal 0 001 @ 00000010 n 0000 | lives
00000060 05 n 02 puppy 0 sea_dog 0 001 @ 00000040 n 0000 | is young
00000070 07 n 01 bark 0 000 | a sound, which cannot be shown
"""
INDEX = """\
  1 a line of the licence
tree n 1 1 @ 1 1 00000020
arbor n 1 1 @ 1 0 00000020
oak n 1 1 @ 1 1 00000030
dog n 1 1 @ 1 1 00000040
animal n 1 1 @ 1 1 00000050
puppy n 1 1 @ 1 1 00000060
bark n 1 1 @ 1 1 00000070
sea_dog n 1 1 @ 1 0 00000060
"""


def picture(color: str, shift: int = 0, shape: str = "ellipse") -> np.ndarray:
    """A thing of one color on white: a disk, or a triangle at its left."""
    image = Image.new("RGB", (PX, PX), "white")
    pen = ImageDraw.Draw(image)
    if shape == "ellipse":
        pen.ellipse((20 + shift, 30, 70 + shift, 60), fill=color)
    else:
        pen.polygon([(10, 80), (10, 20), (80, 80)], fill=color)
    return np.asarray(image)


def row(name: str, source: str, *more: str, licence: str = "open") -> Row:
    return Row(
        (name, *more), (f"an emoji of a {name}",), "emoji", source, licence, "train", "icons-0"
    )


ROWS = [
    row("apple", "one", "fruit"), row("apple", "two", "fruit"), row("apple", "two", "fruit"),
    row("leaf", "one"), row("leaf", "two"), row("pear", "one", "fruit"),
]  # fmt: skip
PICTURES = np.stack(
    [
        picture("red"), picture("#e02020", 8), picture("blue", 2),
        picture("green", 0, "triangle"), picture("#208020", 0, "triangle")[:, ::-1],
        picture("yellow"),
    ]
)  # fmt: skip
LOOKS = torch.eye(3)[[0, 0, 0, 1, 1, 2]]


def encode(texts: list[str]) -> torch.Tensor:
    known = {"apple": 0, "leaf": 1, "pear": 2, "fruit": 0}
    return torch.eye(3)[[known[text] for text in texts]]


def net(folder: Path) -> WordNet:
    (folder / "data.noun").write_text(NOUNS)
    (folder / "index.noun").write_text(INDEX)
    return WordNet(folder)


def test_a_thing_is_cut_out_and_fills_its_frame() -> None:
    cutout = cut_out(picture("red", 12))
    assert cutout is not None
    assert cutout.shape == (4, SIDE, SIDE)
    rows, columns = (cutout[3] > 0.5).nonzero().T
    wide = int(columns.max() - columns.min()) + 1
    assert wide / SIDE == pytest.approx(1 / 1.06, abs=0.05)
    assert (rows.float().mean() + 0.5).item() / SIDE == pytest.approx(0.5, abs=0.03), "centered"
    assert cutout[:3, SIDE // 2, SIDE // 2].tolist() == pytest.approx([1, 0, 0], abs=0.02)
    assert float(cutout[:, 2, 2].abs().max()) == 0.0
    assert cut_out(np.full((PX, PX, 3), 255, np.uint8)) is None


def test_a_hole_that_is_walled_off_is_the_thing_s() -> None:
    image = Image.new("RGB", (PX, PX), "white")
    pen = ImageDraw.Draw(image)
    pen.ellipse((20, 20, 76, 76), fill="black")
    pen.ellipse((40, 40, 56, 56), fill="white")
    pen.point((3, 3), fill="black")  # a speck
    cutout = cut_out(np.asarray(image))
    assert cutout is not None
    assert float(cutout[3, SIDE // 2, SIDE // 2]) == 1.0
    assert float(cutout[0, SIDE // 2, SIDE // 2]) > 0.95
    assert float(cutout[3, 1, 1]) == 0.0


def test_hands_and_names_are_told_from_a_row() -> None:
    assert hand_of(row("x", "noto_v1"), 1) == hand_of(row("x", "blobmoji"), 2)
    assert hand_of(row("x", "openclipart"), 1) != hand_of(row("x", "openclipart"), 2)
    assert names_of(row("Ice-Cream", "one", "dessert", "ice cream")) == (["ice cream"], ["dessert"])
    assert is_usable(row("x", "one"))
    assert not is_usable(row("x", "pacs"))
    assert not is_usable(row("x", "one", licence="gpl"))


def test_an_icon_is_of_two_hands_and_the_others_are_left_out() -> None:
    made, kept = drawings(ROWS, PICTURES)
    assert kept == list(range(6))
    assert set(made.names()) == {"apple", "leaf", "fruit"}, "one hand alone drew a pear"
    best = Chooser(made, LOOKS).choices("apple", torch.eye(3)[0])[0]
    assert set(best.drawings) == {0, 1}, "of the second hand's, the one that is alike"
    leaf = Chooser(made, LOOKS).choices("leaf", torch.eye(3)[1])[0]
    assert set(leaf.drawings) == {3, 4}
    assert any(leaf.mirrored), "one faces the other way"


def test_drawings_are_laid_over_each_other() -> None:
    made, _ = drawings(ROWS, PICTURES)
    fixed = made.cutouts[:1]
    grid = torch.nn.functional.affine_grid(
        torch.tensor([[[1.1, 0, 0.12], [0, 1.1, -0.1]]]), [1, 4, SIDE, SIDE], align_corners=False
    )
    away = torch.nn.functional.grid_sample(fixed, grid, align_corners=False)
    moved = registered(fixed, away)
    assert float(alike(fixed, away)) < 0.9 < 0.97 < float(alike(fixed, moved))
    means, clear = laid_over(made, Chooser(made, LOOKS).choices("leaf", torch.eye(3)[1])[:1])
    assert float(clear) > 0.9
    assert means[0, :3, SIDE // 2, 8].tolist() == pytest.approx([0.06, 0.5, 0.06], abs=0.06)


def test_icons_are_taught_and_no_icon_is_one_drawing(tmp_path: Path) -> None:
    found = taught(ROWS, PICTURES, LOOKS, encode)
    assert found is not None
    assert found.sources == {"one", "two"}
    icons = found.icons
    assert len(icons) == 2
    apple, leaf = icons.find("apples"), icons.find("leaf")
    assert apple is not None
    assert leaf is not None
    red, green, _ = icons.cutout(apple).colors[:, 16, 16].tolist()
    assert red > 0.8 > 0.2 > green
    assert icons.find("fruit") == apple
    assert icons.find("pear") is None
    assert taught(ROWS[:1], PICTURES[:1], LOOKS[:1], encode) is None
    more = taught(ROWS, PICTURES, LOOKS, encode, net(tmp_path), {"oak"})
    assert more is not None
    assert more.icons.called == icons.called, "the net knows neither"


def test_a_net_of_words_tells_synonyms_kinds_and_what_things_are(tmp_path: Path) -> None:
    words = net(tmp_path)
    more = words.more_names({"tree": 0, "dog": 1}, {"tree", "dog"}, {"oak", "puppy", "bark"})
    assert more == {"arbor": (0, 2), "oak": (0, 3), "puppy": (1, 3)}
    assert words.kind("oak") == "tree"
    assert words.kind("a puppy") == "animal"
    assert words.kind("bark") is None


def test_colors_go_on_beyond_the_edge() -> None:
    mean = torch.zeros(1, 4, SIDE, SIDE)
    mean[0, 0, 10:30, 10:30] = mean[0, 3, 10:30, 10:30] = 1.0
    colors = spread(mean)[0]
    assert colors[:, 5, 20].tolist() == pytest.approx([1, 0, 0], abs=1e-3)


def written(folder: Path) -> Path:
    """A corpus of two shards, the newer named last."""
    folder.mkdir()
    sums = []
    for shard, rows in (("old-0", ROWS[:1] * 40), ("icons-0", ROWS)):
        data, table = io.BytesIO(), []
        for number, one in enumerate(rows):
            start = data.tell()
            image = Image.fromarray(PICTURES[number % len(PICTURES)])
            image.save(data, "WebP", lossless=True)
            facts = {"labels": one.labels, "captions": one.captions, "kind": one.kind}
            facts |= {"source": one.source, "licence": one.licence, "split": one.split}
            table.append(facts | {"offset": start, "length": data.tell() - start})
        lines = "".join(json.dumps(facts) + "\n" for facts in table)
        for suffix, content in (
            (".bin", data.getvalue()),
            (".jsonl.gz", gzip.compress(lines.encode())),
        ):
            (folder / f"{shard}{suffix}").write_bytes(content)
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {shard}{suffix}\n")
    (folder / "SHA256SUMS").write_text("".join(sums))
    return folder


def test_new_shards_move_no_picture_to_the_judge(tmp_path: Path) -> None:
    folder = written(tmp_path / "corpus")
    assert shards.check(folder) == ["old-0", "icons-0"], "in the order of the sums"
    whole = shards.read(folder, 24)
    every = np.arange(46)
    judge = part_of(whole, every, "judge")
    assert 0 < len(judge) < 40
    assert judge.max() < 40, "nothing of the new shard"
    assert sorted([*judge, *part_of(whole, every, "painter")]) == every.tolist()
    painted = Row(("apple",), (), "painted", "one", "open", "train", "painted")
    more = Corpus([*whole.rows, painted], whole.pictures, np.append(whole.origins, 43))
    assert part_of(more, np.array([46]), "judge").size == 0, "nor what is made from it"
    leaves = shards.read(folder, 24, keep=lambda one: one.labels[0] == "leaf")
    assert leaves.origins.tolist() == [43, 44]


def test_a_guide_s_icons_are_taught_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from diavlex.guides.pocket import Eye

    monkeypatch.setenv("DIAVLEX_HOME", str(tmp_path))
    monkeypatch.setattr("diavlex.training.iconed.wordnet", lambda: None)
    torch.manual_seed(0)
    eye, words = Eye((8, 16), (1, 1), 16), Words.of(["apple", "leaf"], torch.randn(2, 8), 16, 16)
    settings = {"widths": [8, 16], "blocks": [1, 1], "width": 16}
    card = weights.Card("mine", "guide", "a test", "MIT", {"one": "open"}, settings, {})
    guide = Pocket("mine", eye, words)
    weights.save(tmp_path, card, packed(guide))
    path = reteach(written(tmp_path / "corpus"), tmp_path / "new", "mine")
    card = weights.read_card(path.with_suffix(".json"))
    assert "CC BY-SA" in card.licence
    assert any("two or three drawings by different hands" in note for note in card.notes)
    monkeypatch.setenv("DIAVLEX_HOME", str(tmp_path / "new"))
    _, tensors = weights.load("guide", "mine")
    kept = {k.removeprefix("icons."): v for k, v in tensors.items() if k.startswith("icons.")}
    icons = Icons.from_tensors(kept)
    assert icons.find("apple") is not None
    assert torch.equal(tensors["eye.head.weight"], packed(guide)["eye.head.weight"])

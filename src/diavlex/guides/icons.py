"""Icons: what things look like as people draw them to be known, kept in few bytes, found by name.

An icon is the mean of two or three drawings of one thing by different hands, without what is
around it. It has names: what its drawings are called, other words for the same, and names of what
is a kind of it ("oak" is a kind of tree), the nearer the lower their rank.

Source: tones in fewer places than light, as in JPEG, Wallace 1991.
"""

import re
from collections.abc import Callable, Sequence
from functools import cached_property

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from diavlex.tensors import Embeddings

from .shapes import Cutout

SIDE = 32
"""Rows and columns in which it is kept how light an icon is, and where it is; tones in half."""
KINDS = (
    "thing", "person", "animal", "bird", "fish", "insect", "tree", "flower", "plant", "fruit",
    "food", "vehicle",
    "ship", "aircraft", "building", "furniture", "instrument", "clothes", "container", "tool",
    "toy", "sky",
)  # fmt: skip
"""What icons may be icons of."""
NEAR = 0.80
"""Cosine from which words are near enough to a name."""
_TONES = torch.tensor(
    [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]]
)
_NO_TONE = 128 / 255


class Icons(nn.Module):
    """Icons, kept in few bytes.

    Args:
        icons: how many there are.
        names: how many names they have in all.
        letters: bytes of all names as UTF-8, one a line.
    """

    def __init__(self, icons: int, names: int, letters: int) -> None:
        super().__init__()
        self._vectors: Embeddings | None = None
        half = SIDE // 2
        self.light = nn.Buffer(torch.zeros(icons, SIDE, SIDE, dtype=torch.uint8))
        self.tones = nn.Buffer(torch.zeros(icons, 2, half, half, dtype=torch.uint8))
        self.share = nn.Buffer(torch.zeros(icons, SIDE, SIDE // 4, dtype=torch.uint8))
        self.clear = nn.Buffer(torch.zeros(icons, dtype=torch.uint8))
        self.kinds = nn.Buffer(torch.zeros(icons, dtype=torch.uint8))
        self.owner = nn.Buffer(torch.zeros(names, dtype=torch.int16))
        self.rank = nn.Buffer(torch.zeros(names, dtype=torch.uint8))
        self.names = nn.Buffer(torch.zeros(letters, dtype=torch.uint8))

    @classmethod
    def of(
        cls,
        colors: Float[Tensor, "icons 3 side side"],
        share: Float[Tensor, "icons side side"],
        clear: Float[Tensor, " icons"],
        kinds: Int[Tensor, " icons"],
        names: Sequence[str],
        owner: Int[Tensor, " names"],
        rank: Int[Tensor, " names"],
    ) -> "Icons":
        """Icons that look so.

        Args:
            colors: sRGB in [0, 1], sensible also where the icon is not.
            share: how much of each place it covers, in [0, 1].
            clear: how alike the drawings are of which each is the mean, in [0, 1].
            kinds: of each, as an index of `KINDS`.
            names: what they are called.
            owner: of which icon each name is.
            rank: of each name: 0 its own, more for others.
        """
        pooled = functional.adaptive_avg_pool2d(colors, SIDE)
        toned = torch.einsum("ij,pjhw->pihw", _TONES.to(pooled), pooled)
        quarters = (functional.adaptive_avg_pool2d(share, SIDE) * 3).round().to(torch.uint8)
        text = bytearray("\n".join(names).encode())
        return cls.from_tensors(
            {
                "light": _bytes(toned[:, 0]),
                "tones": _bytes(functional.avg_pool2d(toned[:, 1:], 2) + _NO_TONE),
                "share": _packed(quarters),
                "clear": _bytes(clear),
                "kinds": kinds.to(torch.uint8),
                "owner": owner.to(torch.int16),
                "rank": rank.to(torch.uint8),
                "names": torch.frombuffer(text, dtype=torch.uint8).clone(),
            }
        )

    def __len__(self) -> int:
        """How many there are."""
        return len(self.light)

    @cached_property
    def called(self) -> tuple[str, ...]:
        """All names."""
        return tuple(bytes(self.names.tolist()).decode().split("\n"))

    @cached_property
    def _by_name(self) -> dict[str, tuple[int, int]]:
        """Rank and icon of each name."""
        found: dict[str, tuple[int, int]] = {}
        ranked = zip(self.called, self.owner.tolist(), self.rank.tolist(), strict=True)
        for name, icon, rank in ranked:
            if name not in found or rank < found[name][0]:
                found[name] = rank, icon
        return found

    def find(self, name: str, most: int = 9) -> int | None:
        """The icon of a name, or of its singular, the lowest rank first; None if there is none.

        Args:
            name: to look up.
            most: the highest rank that will do.
        """
        known = [self._by_name[form] for form in forms(name) if form in self._by_name]
        best = min(known, key=lambda pair: pair[0], default=None)
        return best[1] if best and best[0] <= most else None

    def near(self, name: str, encode: Callable[[list[str]], Embeddings]) -> int | None:
        """The icon whose own name is nearest in meaning; None if no name is near enough.

        Args:
            name: that no icon has.
            encode: gives unit vectors of texts.
        """
        own = [at for at, rank in enumerate(self.rank.tolist()) if rank < 2]
        if self._vectors is None:
            self._vectors = encode([self.called[at] for at in own])
        alike = (self._vectors @ encode([name])[0]).float()
        best = int(alike.argmax())
        return int(self.owner[own[best]]) if float(alike[best]) > NEAR else None

    def kind(self, icon: int) -> str:
        """What an icon is one of."""
        return KINDS[int(self.kinds[icon])]

    def cutout(self, icon: int) -> Cutout:
        """What an icon looks like."""
        tones = self.tones[icon : icon + 1].float() / 255 - _NO_TONE
        tones = functional.interpolate(tones, (SIDE, SIDE), mode="bilinear")[0]
        toned = torch.cat([self.light[icon : icon + 1].float() / 255, tones])
        colors = torch.einsum("ij,jhw->ihw", _TONES.inverse().to(toned), toned).clamp(0, 1)
        return Cutout(colors, _unpacked(self.share[icon]).float() / 3)

    @classmethod
    def from_tensors(cls, tensors: dict[str, Tensor]) -> "Icons":
        """What `state_dict` gave."""
        again = cls(len(tensors["light"]), len(tensors["owner"]), len(tensors["names"]))
        again.load_state_dict(tensors)
        return again


def forms(name: str) -> list[str]:
    """A name as it may be written: "cherries", "cherry"; "sail boat", "sailboat"."""
    name = " ".join(re.findall("[a-z0-9]+", name.lower()))
    found = [name]
    for plural, one in (
        ("ies", "y"), ("ves", "f"), ("ves", "fe"), ("ches", "ch"), ("shes", "sh"), ("sses", "ss"),
        ("xes", "x"), ("oes", "o"),
        ("men", "man"), ("children", "child"), ("mice", "mouse"), ("geese", "goose"),
        ("feet", "foot"), ("leaves", "leaf"),
        ("people", "person"), ("cacti", "cactus"), ("s", ""), ("", "s"),
    ):  # fmt: skip
        if name.endswith(plural) and not (plural == "s" and name.endswith("ss")):
            found.append(name[: len(name) - len(plural)] + one)
    return [*found, *(form.replace(" ", "") for form in found if " " in form)]


def _bytes(shares: Tensor) -> Tensor:
    return (shares * 255).round().clamp(0, 255).to(torch.uint8)


def _packed(quarters: Tensor) -> Tensor:
    a, b, c, d = quarters.unflatten(-1, (-1, 4)).unbind(-1)
    return a | b << 2 | c << 4 | d << 6


def _unpacked(packed: Tensor) -> Tensor:
    return torch.stack([packed >> shift & 3 for shift in (0, 2, 4, 6)], -1).flatten(-2)

# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Your own guide, and your own term
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/libreai/diavlex/blob/main/notebooks/your_own_guide.ipynb)
# [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/libreai/diavlex/blob/main/notebooks/your_own_guide.ipynb)
#
# A guide is a class with two methods; a term is a class with one. Here one of each, tried in a loop
# of a dozen lines, and then packed, so that `diavlex paint` finds both.

# %% [markdown]
# The next cell installs diavlex where it is not there yet (Colab, Kaggle) and does nothing
# elsewhere. The tests run this notebook with `DIAVLEX_SMALL=1`, which makes everything smaller and
# quicker.

# %%
import importlib.util
import os
import subprocess
import sys

if importlib.util.find_spec("diavlex") is None:
    source = "diavlex @ git+https://github.com/libreai/diavlex"
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", source], check=True)
IS_SMALL = "DIAVLEX_SMALL" in os.environ

# %%
import io

import torch
from IPython.display import Image as Jpeg
from PIL import Image

from pathlib import Path

import diavlex
from diavlex import brushes, canvas, stroke
from diavlex.guides import Guide, load


def show(*pictures, side=192):
    """Show pictures side by side: arrays of [height width 3], or tensors of [3 height width]."""
    cells = []
    for picture in pictures:
        if isinstance(picture, torch.Tensor):
            picture = (picture.detach().clamp(0, 1) * 255).byte().permute(1, 2, 0).numpy()
        cell = Image.fromarray(picture)
        cells.append(cell.resize((round(side * cell.width / cell.height), side)))
    row = Image.new("RGB", (sum(one.width + 6 for one in cells) - 6, side), "white")
    left = 0
    for cell in cells:
        row.paste(cell, (left, 0))
        left += cell.width + 6
    data = io.BytesIO()
    row.save(data, "JPEG", quality=85)
    return Jpeg(data.getvalue())


# %% [markdown]
# ## A guide
#
# It turns texts and pictures into unit vectors; near ones mean the same. This one likes symmetry,
# whatever the words are.


# %%
class Symmetry(Guide):
    """Likes pictures that are the same in a mirror."""

    side_px = 64

    def encode_text(self, texts):
        """The same vector for all words."""
        return torch.tensor([[1.0, 0.0]]).repeat(len(texts), 1)

    def encode_image(self, pictures):
        """Near that vector if the two halves are alike."""
        apart = (pictures - pictures.flip(-1)).square().mean((1, 2, 3)) * 9
        return torch.stack([torch.cos(apart), torch.sin(apart)], -1)


# %% [markdown]
# ## A term
#
# It says what a painting should be as one number to be lowered. This one turns a canvas blue.


# %%
def bluer(picture):
    """Mean of red minus blue."""
    return (picture[0] - picture[2]).mean()


# %% [markdown]
# ## Try them
#
# Words for a likeness, symmetry for the shape, blue for the color: losses add up. Left without,
# right with.

# %%
STROKES, STEPS, VIEWS = (20, 3, 2) if IS_SMALL else (150, 80, 8)
brush = brushes.load("oil")
variants = torch.arange(STROKES) % brushes.VARIANTS
white = torch.full((3, 80, 80), 0.95)
pocket, symmetry = load("pocket"), Symmetry()
words = pocket.encode_text(["a blue butterfly"])[0]


def paint(free):
    """The canvas that strokes leave."""
    parts = stroke.bound(free)
    return canvas.paint(brush(parts.shapes, variants), parts.placements, parts.colors, white)


def search(strength, blue):
    """Strokes that please the words, and so far the symmetry and the blue."""
    generator = torch.Generator().manual_seed(1)
    actions = stroke.random_actions(torch.linspace(0.4, 0.06, STROKES), generator)
    free = stroke.unbound(actions).requires_grad_()
    optimizer = torch.optim.Adam([free], lr=0.06)
    for _ in range(STEPS):
        picture = paint(free)
        shifted = torch.stack(
            [picture.roll((0, k % 5 - 2, k // 2 - 2), (0, 1, 2)) for k in range(VIEWS)]
        )
        loss = -(pocket.encode_image(shifted) @ words).mean()
        loss = (
            loss
            + strength * (1 - symmetry.encode_image(picture[None])[0, 0])
            + blue * bluer(picture)
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return paint(free)


without, with_both = search(0.0, 0.0), search(2.0, 0.5)
for name, picture in (("without", without), ("with", with_both)):
    alike = symmetry.encode_image(picture[None])[0, 0]
    print(f"{name:<8} symmetry {alike:.3f}, blue {-bluer(picture):.3f}")
show(without, with_both)

# %% [markdown]
# ## Pack them
#
# Two files make a package whose *entry points* diavlex finds. [Extend diavlex](../docs/extend.md)
# tells the rest.

# %%
PYPROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "mirrored"
version = "1.0"

[project.entry-points]
"diavlex.terms" = { bluer = "mirrored:Bluer" }
"diavlex.guides" = { symmetry = "mirrored:Symmetry" }
"""
MODULE = """
from dataclasses import dataclass

import torch
from diavlex.guides import Guide
from diavlex.objective import Term


@dataclass(frozen=True)
class Bluer(Term):
    'Mean of red minus blue, so that the canvas turns blue.'

    def __call__(self, scene):
        return (scene.canvas[0] - scene.canvas[2]).mean()


class Symmetry(Guide):
    side_px = 64

    def encode_text(self, texts):
        return torch.tensor([[1.0, 0.0]]).repeat(len(texts), 1)

    def encode_image(self, pictures):
        apart = (pictures - pictures.flip(-1)).square().mean((1, 2, 3)) * 9
        return torch.stack([torch.cos(apart), torch.sin(apart)], -1)
"""
source, site = Path("mirrored-source").absolute(), Path("mirrored-site").absolute()
(source / "mirrored").mkdir(parents=True, exist_ok=True)
(source / "pyproject.toml").write_text(PYPROJECT)
(source / "mirrored" / "__init__.py").write_text(MODULE)
pip = [sys.executable, "-m", "pip", "install", "-q", "--upgrade"]
if importlib.util.find_spec("hatchling") is None:
    subprocess.run([*pip, "hatchling"], check=True)
how = ["--no-deps", "--no-index", "--no-build-isolation", "--target", str(site), str(source)]
_ = subprocess.run([*pip, *how], check=True)

# %% [markdown]
# Now the command knows both (`pip install` without `--target` would put them beside diavlex for
# good).

# %%
path = os.pathsep.join(one for one in (str(site), os.environ.get("PYTHONPATH", "")) if one)
small = ["--strokes", "12", "--steps", "2", "--views", "2", "--canvas-px", "40", "--size", "48x48"]
command = [
    sys.executable, "-m", "diavlex", "paint", "a butterfly", "--guide", "pocket", "--guide",
    "symmetry:2", "--term", "bluer:0.5", "--out", "mirrored", "--overwrite", "--progress", "none",
    *(small if IS_SMALL else []),
]  # fmt: skip
done = subprocess.run(
    command, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, check=True
)
folder = Path(done.stdout.strip())
show(diavlex.render(diavlex.load(folder), 256), side=256)

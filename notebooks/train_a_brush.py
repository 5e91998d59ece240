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
# # Train a brush
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/libreai/diavlex/blob/main/notebooks/train_a_brush.ipynb)
# [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/libreai/diavlex/blob/main/notebooks/train_a_brush.ipynb)
#
# A network learns what a brush of MyPaint leaves: paint strokes with the engine, learn from them,
# compare, paint with it. The engine must be installed: `apt install libmypaint-1.5-1` (the second
# cell does it on Colab and Kaggle).

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
import shutil

from diavlex.brushes import mypaint

if not mypaint.is_available() and os.path.exists("/content") and shutil.which("apt-get"):
    subprocess.run(["apt-get", "-qq", "install", "-y", "libmypaint-1.5-1"], check=True)
HAS_ENGINE = mypaint.is_available()
print(
    "the engine is here" if HAS_ENGINE else "no libmypaint: the cells below show brushes that ship"
)

# %%
import io

import torch
from IPython.display import Image as Jpeg
from PIL import Image

import diavlex
from diavlex import brushes
from diavlex.brushes import definition
from diavlex.training.strokes import random_shapes


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
# ## What the engine paints
#
# Eight random strokes, each in its own frame: dark is covered.

# %%
BRUSH = "charcoal"
shapes = random_shapes(8, 3)
variants = [index % brushes.VARIANTS for index in range(8)]


def as_pictures(patches):
    """Coverage as dark on white, [3 side side] each."""
    return [1 - torch.as_tensor(patch).float().expand(3, -1, -1) for patch in patches]


def engine_or_network(side=64):
    """The same strokes by the engine, where there is one."""
    if not HAS_ENGINE:
        return brushes.load(BRUSH)(torch.as_tensor(shapes).float(), torch.tensor(variants))
    read = definition.read(definition.file_of(BRUSH))
    return list(mypaint.patches(read, shapes, variants, side))


real = engine_or_network()
show(*as_pictures(real), side=80)

# %% [markdown]
# ## Learn
#
# The engine paints strokes, and the network learns to predict their coverage. A brush that ships
# took 40,000 strokes and 2,400 steps, about four minutes; here a short training shows how it goes.

# %%
from pathlib import Path

from diavlex.training.brush import BrushTraining, train

settings = {"strokes": 64, "steps": 6, "far_strokes": 64, "far_steps": 4} if IS_SMALL else {
    "strokes": 6000, "steps": 400, "far_strokes": 4000, "far_steps": 200,
}  # fmt: skip
os.environ["DIAVLEX_HOME"] = str(Path("my-brushes").absolute())  # where your own brushes lie
losses, scores = [], {}
if HAS_ENGINE:
    for progress in train(BrushTraining(BRUSH, "mine", **settings)):
        if progress.phase == "steps":
            losses.append(progress.scores.get("loss", float("nan")))
        scores = progress.scores
    print("loss", " ".join(f"{one:.4f}" for one in losses[-8:]))
    for name, value in scores.items():
        print(f"{name:<24}{value:8.3f}")

# %% [markdown]
# ## Compare
#
# Above the engine, in the middle what was just learned, below the network that ships.

# %%
MINE = "mine" if HAS_ENGINE else BRUSH
with torch.no_grad():
    inputs = torch.as_tensor(shapes).float(), torch.tensor(variants)
    mine, shipped = brushes.load(MINE)(*inputs), brushes.load(BRUSH)(*inputs)
show(*as_pictures(real), side=80)

# %%
show(*as_pictures(mine), side=80)

# %%
show(*as_pictures(shipped), side=80)

# %% [markdown]
# ## Paint with it
#
# A brush of your own is found by its name. Left the one that was just learned, right the one that
# ships.

# %%
small = (
    {"strokes": 30, "steps": 4, "views": 4, "canvas_px": 48, "size": "64x64"} if IS_SMALL else {}
)
paintings = [diavlex.paint("a snowy mountain", brush=name, **small) for name in (MINE, BRUSH)]
show(*(diavlex.render(painting, 256) for painting in paintings), side=256)

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
# # Paint a photo
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/libreai/diavlex/blob/main/notebooks/paint_a_photo.ipynb)
# [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/libreai/diavlex/blob/main/notebooks/paint_a_photo.ipynb)
#
# A photo becomes strokes of a brush: with words or without, in a few colors, by two brushes.

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

import numpy as np

import diavlex


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
# ## The photo
#
# Put a picture of yours beside this notebook and name it here. If there is none, the notebook takes
# a cup of coffee from scikit-image (a photo by Rachel Michetti, CC0), or draws an evening at the
# sea where that is not installed.

# %%
PHOTO = "photo.jpg"


def evening():
    """A sky, a sun and a sea, [320 480 3]."""
    y, x = np.mgrid[0:320, 0:480] / 320.0
    sky = np.stack([0.9 - 0.5 * y, 0.6 - 0.3 * y, 0.5 + 0.2 * y], -1)
    sun = np.clip(1 - np.hypot(x - 1.0, y - 0.45) / 0.12, 0, 1)[..., None]
    sea = np.stack([0.1 + 0.3 * np.sin(90 * y * y) ** 2, 0.3 + 0 * y, 0.5 + 0 * y], -1)
    picture = np.where((y > 0.6)[..., None], sea, sky + sun)
    return (np.clip(picture, 0, 1) * 255).astype(np.uint8)


if not os.path.exists(PHOTO):
    try:
        from skimage import data

        photo = data.coffee()
    except ImportError:
        photo = evening()
    Image.fromarray(photo).save(PHOTO)
photo = np.asarray(Image.open(PHOTO).convert("RGB"))
show(photo)

# %% [markdown]
# ## Strokes
#
# Photos are painted with many small strokes that follow colors and features of the photo; no guide
# reads words.

# %%
small = {"strokes": 40, "steps": 4, "canvas_px": 48, "size": "72x48"} if IS_SMALL else {}
size = {} if IS_SMALL else {"size": "576x384", "steps": 200}  # twice as many come nearer
painted = diavlex.paint(photo=PHOTO, **(size | small))
show(photo, diavlex.render(painted, 256))


# %%
def psnr(painting):
    """How near a painting comes to the photo, in decibels; 20 is a likeness, 30 hard to tell."""
    picture = diavlex.render(painting, 128).astype(float)
    small = Image.fromarray(photo).resize((picture.shape[1], picture.shape[0]))
    error = np.square(picture - np.asarray(small, float)).mean()
    return 10 * np.log10(255**2 / error)


print(f"{psnr(painted):.1f} dB")

# %% [markdown]
# ## In few colors, and with fewer strokes
#
# Every stroke has one of five colors, which are found from the photo; and 150 strokes instead of
# 1,000 leave out what a painter would leave out.

# %%
few = diavlex.paint(photo=PHOTO, palette=5, **(size | {"strokes": 300} | small))
plain = diavlex.paint(photo=PHOTO, **(size | {"strokes": 150, "largest": 0.3} | small))
print(len({tuple(color) for color in few.actions[:, 9:].tolist()}), "colors")
show(diavlex.render(few, 256), diavlex.render(plain, 256))

# %% [markdown]
# ## Two brushes, and words as well
#
# Large strokes in wash, small ones in oil. Words beside the photo pull towards what they say.

# %%
both = diavlex.paint(photo=PHOTO, brush="wash,oil", **(size | {"strokes": 400} | small))
words = diavlex.paint(
    "a sunset", photo=PHOTO, photo_weight=0.5, **(size | {"strokes": 400} | small)
)
show(diavlex.render(both, 256), diavlex.render(words, 256))

# %% [markdown]
# ## Take it home

# %%
for name in ("painting.png", "painting.ora", "painting.svg"):
    path = diavlex.save(painted, name)
    print(path, os.path.getsize(path) // 1000, "kB")

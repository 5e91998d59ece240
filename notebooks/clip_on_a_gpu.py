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
# # CLIP on a GPU
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/libreai/diavlex/blob/main/notebooks/clip_on_a_gpu.ipynb)
# [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/libreai/diavlex/blob/main/notebooks/clip_on_a_gpu.ipynb)
#
# The small guide that ships knows everyday things. CLIP and its robust kin, FARE and TeCoA, read
# any words; they are fetched from the hub once (0.6 GB each) and like a GPU. Without a network this
# notebook says so and goes on with what is here.

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
    source = "diavlex[clip] @ git+https://github.com/libreai/diavlex"
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", source], check=True)
IS_SMALL = "DIAVLEX_SMALL" in os.environ

# %%
import io

import torch
from IPython.display import Image as Jpeg
from PIL import Image

import warnings

import diavlex
from diavlex import guides
from diavlex.errors import DiavlexError

warnings.filterwarnings("ignore", message="IProgress")  # of transformers, where ipywidgets is not


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
# ## Which guides there are

# %%
wide = os.environ | {"COLUMNS": "140", "NO_COLOR": "1"}
done = subprocess.run(
    [sys.executable, "-m", "diavlex", "guides"],
    env=wide,
    capture_output=True,
    text=True,
    check=True,
)
print(done.stdout)
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
print("computing on", DEVICE)

# %% [markdown]
# ## Open one, or fall back
#
# `guides.load` raises a `DiavlexError` with one line where a model is neither here nor to be had.
# Then the notebook paints with `pocket`, which always is. With CLIP on a CPU, fewer views and steps
# keep the time to some minutes.


# %%
def first_of(*names):
    """The name of the first guide that can be opened."""
    for name in names:
        try:
            guides.load(name)
        except DiavlexError as error:
            print(f"{name}: {error}")
        else:
            return name
    raise AssertionError("pocket is always here")


plain, robust = first_of("clip", "pocket"), first_of("fare", "tecoa", "pocket")
print("plain guide:", plain, " robust guide:", robust)

# %% [markdown]
# ## An ordinary guide and a robust one
#
# The same words and the same seed. `sketch=0` takes away the sketch, so that the guides alone lead:
# the gradient of a robust guide draws shapes, that of an ordinary one textures that only it
# understands.

# %%
if IS_SMALL:
    how = {"strokes": 20, "steps": 3, "views": 2, "size": "64x64", "canvas_px": 48}
elif DEVICE == "cuda":
    how = {"strokes": 400, "steps": 300, "views": 16}
else:
    how = {"strokes": 200, "steps": 100, "views": 4}
prompt = "a castle on a hill at night"
left = diavlex.paint(prompt, device=DEVICE, guide=plain, sketch=0, **how)
right = diavlex.paint(prompt, device=DEVICE, guide=robust, sketch=0, **how)
for painting in (left, right):
    print(painting.guide, painting.scores["cosine_first"], "->", painting.scores["cosine"])
show(diavlex.render(left, 256), diavlex.render(right, 256), side=256)

# %% [markdown]
# ## With the sketch, and two guides together
#
# Every guide aims at the same sketch, which is composed from the words. Two guides add up, each
# with a strength.

# %%
aimed = diavlex.paint(prompt, device=DEVICE, guide=robust, **how)
together = (robust, f"{plain}:0.5") if plain != robust else (robust,)
both = diavlex.paint(prompt, device=DEVICE, guide=together, tries=1 if IS_SMALL else 2, **how)
show(diavlex.render(aimed, 256), diavlex.render(both, 256), side=256)

# %% [markdown]
# ## A judge that did not paint
#
# What a guide says of its own painting is no measure. `pocket-judge` never paints.

# %%
judge = guides.load("pocket-judge")
words = judge.encode_text([prompt])[0]
for name, painting in (("left", left), ("right", right), ("aimed", aimed), ("both", both)):
    picture = torch.from_numpy(diavlex.render(painting, 96).copy()).permute(2, 0, 1)[None] / 255
    with torch.no_grad():
        print(f"{name:<8}{(judge.encode_image(picture)[0] @ words).item():.3f}")

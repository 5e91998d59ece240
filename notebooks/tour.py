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
# # A tour: text to paint, in six steps
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/libreai/diavlex/blob/main/notebooks/tour.ipynb)
# [![Open in Kaggle](https://kaggle.com/static/images/open-in-kaggle.svg)](https://kaggle.com/kernels/welcome?src=https://github.com/libreai/diavlex/blob/main/notebooks/tour.ipynb)
#
# In 2021 a post by LibreAI told how to paint from words with a neural painter and CLIP: encode the
# words, make random strokes, paint them, encode the picture, compare the two, and move the strokes
# along the gradient. Here are these six steps, each a cell that shows what it says, and after them
# what diavlex adds.

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

import diavlex
from diavlex import brushes, canvas, guides, stroke
from diavlex.guides.views import Augmentation, take_views

torch.manual_seed(0)


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
# ## 1. Text features
#
# A *guide* turns words into a vector. Vectors of words that mean nearly the same lie near each
# other.

# %%
prompt = "black sheep"
guide = guides.load("pocket")
text_features = guide.encode_text([prompt])
print("shape", tuple(text_features.shape), " length", f"{text_features.norm():.3f}")
others = ["a sheep", "a goat", "a black cat", "a lighthouse"]
for other, cosine in zip(others, guide.encode_text(others) @ text_features[0], strict=True):
    print(f"{prompt} / {other:<12} {cosine:.3f}")

# %% [markdown]
# ## 2. Random strokes
#
# A stroke is twelve numbers: two pressures, a size, three points and a color.

# %%
STROKES = 30 if IS_SMALL else 200
generator = torch.Generator().manual_seed(7)
sizes = torch.linspace(0.4, 0.05, STROKES)  # half-lengths; the large ones are laid first
actions = stroke.random_actions(sizes, generator)
print("shape", tuple(actions.shape))
for name, value in zip(stroke.NAMES, actions[0].tolist(), strict=True):
    print(f"{name:<15}{value:7.3f}")

# %% [markdown]
# ## 3. The canvas
#
# The *neural painter*, a network that learned from strokes of MyPaint, turns them into coverage,
# and the canvas lays one over the other. All of this is differentiable. Random strokes look random.

# %%
brush = brushes.load("oil")
variants = torch.arange(STROKES) % brushes.VARIANTS
white = torch.ones(3, 96, 96)


def paint(actions):
    """The canvas that strokes leave, [3 96 96]."""
    parts = stroke.split(actions)
    patches = brush(parts.shapes, variants)
    return canvas.paint(patches, parts.placements, parts.colors, white)


with torch.no_grad():
    first = paint(actions)
show(first)

# %% [markdown]
# ## 4. Image features
#
# The guide looks at the canvas in several *views*, wide and close, a little tilted, and encodes
# each.

# %%
VIEWS = 4 if IS_SMALL else 12
views = take_views(first, VIEWS, guide.side_px, Augmentation(), generator)
with torch.no_grad():
    image_features = guide.encode_image(views)
print("shape", tuple(image_features.shape))
show(*views[:4], side=96)

# %% [markdown]
# ## 5. The loss
#
# One minus the cosine of words and canvas. Its gradient says for each number of each stroke where
# to go.

# %%
actions.requires_grad_()


def loss_of(actions):
    """How little the canvas is like the words, 0 to 2."""
    views = take_views(paint(actions), VIEWS, guide.side_px, Augmentation(), generator)
    return 1 - (guide.encode_image(views) @ text_features[0]).mean()


loss = loss_of(actions)
loss.backward()
print(f"loss {loss.item():.3f}")
for name, size in zip(stroke.NAMES, actions.grad.abs().mean(0).tolist(), strict=True):
    print(f"mean gradient of {name:<15}{size:.6f}")

# %% [markdown]
# ## 6. Optimization
#
# Move the strokes along the gradient, again and again. They are moved as unbounded numbers, so that
# no color leaves its range and no stroke the canvas.

# %%
STEPS = 4 if IS_SMALL else 120
free = stroke.unbound(actions.detach()).requires_grad_()
optimizer = torch.optim.Adam([free], lr=0.05)
snapshots, losses = [first], []
for step in range(1, STEPS + 1):
    optimizer.zero_grad()
    loss = loss_of(stroke.join(stroke.bound(free)))
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
    if step in {STEPS // 8, STEPS // 3, STEPS}:
        with torch.no_grad():
            snapshots.append(paint(stroke.join(stroke.bound(free))))
print(f"loss {losses[0]:.3f} at first, {losses[-1]:.3f} at last")
show(*snapshots)

# %% [markdown]
# The loss falls and the guide is pleased; a person sees dark shapes on green. Here the founding
# post stood, and this is why [the craft](../docs/craft.md) is needed.
#
# ## What diavlex adds
#
# A sketch to aim at, layers, views that go from wide to close, large strokes first, held
# saturation, and strokes that are re-initialized. The same words, by one call:

# %%
small = {"strokes": 30, "steps": 4, "views": 4, "canvas_px": 48} if IS_SMALL else {}
session = diavlex.begin(prompt, folder="tour", seed=7, overwrite=True, **small)
for step in session.paint():
    if step.index in {1, step.steps // 2, step.steps}:
        terms = ", ".join(f"{name} {value:.2f}" for name, value in step.scores.items())
        print(f"step {step.index:>3}: loss {step.loss:.3f} ({terms})")
painting = session.painting()
show(
    *(
        diavlex.render(session.painting(one), 192)
        for one in session.snapshots[:: max(1, len(session.snapshots) // 4)]
    )
)

# %% [markdown]
# ## Stroke by stroke
#
# The painting is its strokes. Laid one after the other they show how it is painted.

# %%
import dataclasses


def begun(painting, count):
    """The painting with its first strokes alone."""
    return dataclasses.replace(
        painting,
        actions=painting.actions[:count],
        brush_of=painting.brush_of[:count],
        variants=painting.variants[:count],
        layers=(),
    )


total = len(painting.actions)
show(*(diavlex.render(begun(painting, max(1, total * part // 5)), 192) for part in range(1, 6)))

# %% [markdown]
# And once more at a larger size, from the same record: strokes, not pixels.

# %%
show(diavlex.render(painting, 96 if IS_SMALL else 512), side=96 if IS_SMALL else 400)

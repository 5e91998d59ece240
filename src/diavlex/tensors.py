"""Names of the tensors that cross rooms."""

from jaxtyping import Float, Int
from torch import Tensor

Actions = Float[Tensor, "*batch strokes 12"]
"""Strokes as twelve numbers each; order and ranges in `diavlex.stroke`."""

Free = Float[Tensor, "*batch strokes 12"]
"""The same strokes as unbounded numbers, which an optimizer may move anywhere."""

Shapes = Float[Tensor, "*batch strokes 5"]
"""What a brush sees of a stroke: fullness, bend, skew, start pressure, end pressure."""

Placements = Float[Tensor, "*batch strokes 4"]
"""Where a stroke's own frame lies: center x, center y, frame axis x, frame axis y (lengths)."""

Colors = Float[Tensor, "*batch strokes 3"]
"""sRGB in [0, 1]."""

Variants = Int[Tensor, "*batch strokes"]
"""Which of a brush's texture variants paints each stroke."""

Patches = Float[Tensor, "strokes side side"]
"""Coverage in the stroke's own frame: 0 where the brush missed, 1 where it hides the canvas."""

Coverage = Float[Tensor, "*batch strokes height width"]
"""Coverage on the canvas, one layer a stroke, in [0, 1]."""

Canvas = Float[Tensor, "*batch 3 height width"]
"""sRGB in [0, 1]."""

Pictures = Float[Tensor, "batch 3 height width"]
"""sRGB in [0, 1], what a guide looks at."""

Embeddings = Float[Tensor, "batch features"]
"""Unit vectors."""

Features = Float[Tensor, "batch channels"]
"""What a guide finds in pictures before it is put into words, as unit vectors."""

Layouts = Float[Tensor, "batch 3 places places"]
"""Mean colors by place, sRGB in [0, 1]."""

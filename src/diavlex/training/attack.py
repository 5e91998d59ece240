"""Small changes to pictures that raise a guide's loss the most, to train against and to test with.

Source: projected gradient ascent, Madry et al. 2018 ("Towards deep learning models resistant to
adversarial attacks").
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from diavlex.tensors import Pictures


def attack(
    loss: Callable[[Tensor], Tensor],
    pictures: Pictures,
    radius: Tensor | float,
    steps: int,
    *,
    stride: float,
    start: Pictures | None = None,
    is_clamped: bool = False,
) -> Pictures:
    """Find a change to each picture, within an L2 ball, that raises a loss.

    Every step follows the gradient of the loss, taken at unit length for each picture, and is then
    brought back into the ball.

    Args:
        loss: what the changes shall raise: one number for changed pictures.
        pictures: they stay as they are.
        radius: of the ball, in levels of [0, 1]; a number, or one a picture, [batch 1 1 1].
        steps: of the ascent.
        stride: length of all steps together, in radii.
        start: the change that the ascent starts from; without it, none.
        is_clamped: also keep the changed pictures in [0, 1].

    Returns:
        The changes, to be added to the pictures.
    """
    change = torch.zeros_like(pictures) if start is None else start
    for _ in range(steps):
        changed = (pictures + change).requires_grad_()
        (gradient,) = torch.autograd.grad(loss(changed), changed)
        direction = functional.normalize(gradient.flatten(1), dim=1).view_as(change)
        change = change + stride / steps * radius * direction
        length = change.flatten(1).norm(dim=1).view(-1, 1, 1, 1)
        change = change * (radius / length.clamp_min(1e-9)).clamp_max(1)
        if is_clamped:
            change = (pictures + change).clamp(0, 1) - pictures
    return change

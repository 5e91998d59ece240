"""Depthwise convolutions: the same in value and slope as the library's."""

import itertools

import pytest
import torch
from torch.nn import functional

from diavlex.guides.depthwise import depthwise


@pytest.mark.parametrize(("side", "stride", "px"), [*itertools.product((3, 5), (1, 2), (7, 8, 9))])
def test_it_equals_the_plain_one(side: int, stride: int, px: int) -> None:
    generator = torch.Generator().manual_seed(0)

    def leaf(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.float64).requires_grad_()

    leaves = leaf(2, 6, px, px), leaf(6, 1, side, side), leaf(6)
    padding = side // 2 if stride == 1 else 0
    if (px - side) % stride:  # the network pads such that nothing is left over
        px += 1
        leaves = leaf(2, 6, px, px), *leaves[1:]
    quick = depthwise(*leaves, stride)
    plain = functional.conv2d(*leaves, stride, padding, groups=6)
    torch.testing.assert_close(quick, plain)
    slope = torch.randn(quick.shape, generator=generator, dtype=torch.float64)
    mine = torch.autograd.grad(quick, leaves, slope)
    theirs = torch.autograd.grad(plain, leaves, slope)
    for a, b in zip(mine, theirs, strict=True):
        torch.testing.assert_close(a, b)

"""Depthwise convolutions whose backward pass is quick on a CPU.

There torch's own is slow, up to a hundredfold, for the input at stride 2 in bfloat16 and for
filters wider than 3. Here the gradient in the input is a convolution of the spread-out gradient
of the output with the mirrored filter, and a filter of side 5 is learned as four of side 3.
"""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional


def depthwise(input: Tensor, filters: Tensor, bias: Tensor | None, stride: int) -> Tensor:
    """Convolve each channel with a filter of its own; at stride 1 the size stays, padded with 0.

    Args:
        input: [batch channels height width].
        filters: [channels 1 side side], of side 3 or 5.
        bias: [channels].
        stride: 1 or 2.
    """
    kind = input.dtype
    return _Depthwise.apply(
        input, filters.to(kind), None if bias is None else bias.to(kind), stride
    )


class _Depthwise(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, input: Tensor, filters: Tensor, bias: Tensor | None, stride: int
    ) -> Tensor:
        ctx.save_for_backward(input, filters)
        ctx.stride, ctx.padding = stride, filters.shape[-1] // 2 if stride == 1 else 0
        return functional.conv2d(input, filters, bias, stride, ctx.padding, groups=len(filters))

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        (gradient,), (input, filters) = gradients, ctx.saved_tensors
        groups, side, step, padding = len(filters), filters.shape[-1], ctx.stride, ctx.padding
        to_input = to_filters = to_bias = None
        if ctx.needs_input_grad[0]:
            spread = gradient
            if step > 1:
                sides = [step * (n - 1) + 1 for n in gradient.shape[-2:]]
                spread = torch.empty(
                    (*gradient.shape[:2], *sides),
                    dtype=gradient.dtype,
                    memory_format=torch.channels_last,
                ).zero_()
                spread[..., ::step, ::step] = gradient
            mirrored = filters.flip(-2, -1)
            to_input = functional.conv2d(
                spread, mirrored, padding=side - 1 - padding, groups=groups
            )
        if ctx.needs_input_grad[1]:
            to_filters = torch.empty_like(filters)
            seen = functional.pad(input, (padding,) * 4) if padding else input
            height, width = (step * (n - 1) + 3 for n in gradient.shape[-2:])
            for y in range(0, side - 2, 2):
                for x in range(0, side - 2, 2):
                    to_filters[..., y : y + 3, x : x + 3] = torch.ops.aten.convolution_backward(
                        gradient, seen[..., y : y + height, x : x + width],
                        filters[..., y : y + 3, x : x + 3].contiguous(), None, (step, step),
                        (0, 0), (1, 1), False, (0, 0), groups, (False, True, False),
                    )[1]  # fmt: skip
        if ctx.needs_input_grad[2]:
            to_bias = gradient.sum((0, 2, 3))
        return to_input, to_filters, to_bias, None

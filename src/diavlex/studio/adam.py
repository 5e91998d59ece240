"""Adam: the optimizer that moves strokes, a rate for each part of them.

Source: Kingma and Ba 2014 (arXiv 1412.6980), as torch computes it. The class `torch.optim.Adam`
computes the same, bit for bit, but loads torch's compiler, which a painting does not need: a second
of time and 100 MB of memory.
"""

import torch
from torch import Tensor
from torch.optim.adam import adam

_BETAS, _EPS = (0.9, 0.98), 1e-8


class Adam:
    """Moves named tensors along their gradients, and remembers the mean of these.

    Args:
        parts: what it moves, by name; leaves that require a gradient.
    """

    def __init__(self, parts: dict[str, Tensor]) -> None:
        self.parts = parts
        self.state: dict[str, dict[str, Tensor]] = {}
        """By name: `exp_avg` and `exp_avg_sq`, the moments, and `step`, how many steps are done."""

    @torch.no_grad()
    def step(self, rates: dict[str, float]) -> None:
        """Move all that has a gradient, each part at its rate."""
        for name, part in self.parts.items():
            if part.grad is None:
                continue
            if name not in self.state:
                first, second = torch.zeros_like(part), torch.zeros_like(part)
                self.state[name] = {
                    "step": torch.tensor(0.0),
                    "exp_avg": first,
                    "exp_avg_sq": second,
                }
            kept = self.state[name]
            adam(
                [part], [part.grad], [kept["exp_avg"]], [kept["exp_avg_sq"]], [], [kept["step"]],
                amsgrad=False, beta1=_BETAS[0], beta2=_BETAS[1], lr=rates[name], weight_decay=0,
                eps=_EPS, maximize=False,
            )  # fmt: skip

    def forget(self, name: str, rows: Tensor) -> None:
        """Forget the moments of some rows of a part, which are others from now on."""
        kept = self.state.get(name, {})
        for key in kept.keys() - {"step"}:
            kept[key][rows] = 0

    def load_state(self, name: str, kept: dict[str, Tensor]) -> None:
        """Go on from a part's moments and steps; moments on the device of the part."""
        device = self.parts[name].device
        self.state[name] = {
            key: value.to("cpu" if key == "step" else device, copy=True)
            for key, value in kept.items()
        }

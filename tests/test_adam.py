"""The optimizer of strokes computes what torch's does, and a painting loads no compiler."""

import subprocess
import sys
from pathlib import Path

import torch

from diavlex.studio.adam import Adam

RATES = {"place": 0.02, "color": 0.1}


def two_parts() -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    return {name: torch.randn(7, 4, generator=generator).requires_grad_() for name in RATES}


def descend(parts: dict[str, torch.Tensor]) -> None:
    for part in parts.values():
        part.grad = None
    torch.stack([part.sin().square().sum() for part in parts.values()]).sum().backward()


def test_it_moves_as_the_optimizer_of_torch_does() -> None:
    own, theirs = two_parts(), two_parts()
    adam = Adam(own)
    groups = [{"params": [part], "lr": RATES[name]} for name, part in theirs.items()]
    known = torch.optim.Adam(groups, betas=(0.9, 0.98))
    for at in range(9):
        for parts in (own, theirs):
            descend(parts)
        rates = {name: rate / (1 + at) for name, rate in RATES.items()}
        for group, rate in zip(known.param_groups, rates.values(), strict=True):
            group["lr"] = rate
        adam.step(rates)
        known.step()
    for name, part in own.items():
        assert torch.equal(part, theirs[name])
        assert not torch.equal(part, two_parts()[name])


def test_it_goes_on_from_what_it_kept_and_forgets_what_is_new() -> None:
    whole, again = two_parts(), two_parts()
    adam, other = Adam(whole), Adam(again)
    descend(whole)
    adam.step(RATES)
    for name, kept in adam.state.items():
        other.load_state(name, kept)
        again[name].data.copy_(whole[name].detach())
    for parts, mover in ((whole, adam), (again, other)):
        descend(parts)
        mover.step(RATES)
    assert all(torch.equal(whole[name], again[name]) for name in RATES)
    adam.forget("place", torch.tensor([2, 5]))
    moments = adam.state["place"]
    assert not moments["exp_avg"][[2, 5]].any()
    assert moments["exp_avg_sq"][[0, 1, 3, 4, 6]].all()
    assert float(moments["step"]) == 2


def test_a_painting_loads_no_compiler(tmp_path: Path) -> None:
    code = (
        "import sys; from diavlex.cli.main import main\n"
        "assert main(sys.argv[1:]) == 0\n"
        "heavy = {'torch._dynamo', 'torch._inductor', 'sympy'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    words = ["paint", "a goldfish", "--strokes", "12", "--steps", "2", "--views", "2", "--size"]
    done = subprocess.run(
        [sys.executable, "-c", code, *words, "64x64", "--out", str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr

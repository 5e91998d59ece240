"""Measuring time and memory in a way that a busy machine disturbs little."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor


def now(device: torch.device) -> float:
    """Seconds of the processor on one thread, which other programs do not lengthen; else real."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
        return time.perf_counter()
    return time.process_time() if torch.get_num_threads() == 1 else time.perf_counter()


def race(runs: Sequence[Callable[[], object]], rounds: int, device: torch.device) -> list[float]:
    """Seconds of each, the best of some rounds; side by side, so that all meet the same noise."""
    best = [float("inf")] * len(runs)
    for _ in range(rounds + 1):  # the first one warms up; it can only be slower
        for index, run in enumerate(runs):
            begun = now(device)
            run()
            best[index] = min(best[index], now(device) - begun)
    return best


def both_ways(
    forward: Callable[..., Tensor], inputs: Sequence[Tensor], rounds: int
) -> tuple[float, float]:
    """Seconds forward and backward, the best of some rounds each."""
    device = inputs[0].device
    ways = [float("inf"), float("inf")]
    for _ in range(rounds + 1):
        leaves = [x.detach().clone().requires_grad_() for x in inputs]
        begun = now(device)
        out = forward(*leaves)
        turned = now(device)
        torch.autograd.grad(out, leaves, torch.ones_like(out), allow_unused=True)
        ways = [min(ways[0], turned - begun), min(ways[1], now(device) - turned)]
    return ways[0], ways[1]


def extra_memory(run: Callable[[], object], device: torch.device) -> int:
    """Bytes that a run needs at most, beyond what is there before it; call in a fresh process."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
        before = torch.cuda.memory_allocated(device)
        run()
        return torch.cuda.max_memory_allocated(device) - before
    Path("/proc/self/clear_refs").write_text("5")  # forget the highest so far
    before = _status("VmRSS")
    run()
    return _status("VmHWM") - before


def elsewhere(module: str, words: Sequence[str]) -> list[float]:
    """What a module prints (a JSON list) when it runs in a process of its own."""
    command = [sys.executable, "-m", module, *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def _status(key: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(key))

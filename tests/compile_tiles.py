"""Compile the loops of `diavlex.canvas.tile_kernels` for cards that need not be here.

Prints a row for each: the card's kind, the loop, and bytes that do not fit into its registers.
"""

import re
import subprocess
import tempfile
from pathlib import Path

import triton
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource

from diavlex.canvas import tile_kernels, tiles

KINDS = (75, 90)
"""Turing, the oldest that torch and Triton still serve, and Hopper."""
POINTERS = {
    "i16": ("lists",),
    "i32": ("counts",),
    "i64": ("starts", "sides", "of_texels", "of_affines", "of_colors"),
    "fp32": ("texels", "colors", "backdrop", "gradients"),
    "fp64": ("affines", "boxes", "canvas", "scale", "of_backdrop"),
}
CONSTANTS = {"TILE": tiles.TILE_PX, "AT_ONCE": tiles.AT_ONCE}
CUOBJDUMP = Path(triton.__file__).parent / "backends/nvidia/bin/cuobjdump"


def main() -> None:
    """Compile and print."""
    for kind in KINDS:
        for name in ("sort", "lay", "lift"):
            print(kind, name, spilled(getattr(tile_kernels, name), kind), flush=True)


def spilled(loop: triton.JITFunction, kind: int) -> int:
    """Bytes that a loop keeps outside of registers, on a kind of card."""
    types = {name: f"*{type}" for type, names in POINTERS.items() for name in names}
    constants = {name: CONSTANTS[name] for name in loop.arg_names if name in CONSTANTS}
    types |= dict.fromkeys(constants, "constexpr")
    signature = {name: types.get(name, "i32") for name in loop.arg_names}
    source = ASTSource(loop, signature, constants)
    made = triton.compile(source, target=GPUTarget("cuda", kind, 32))
    with tempfile.NamedTemporaryFile(suffix=".cubin") as file:
        file.write(made.asm["cubin"])
        file.flush()
        command = [CUOBJDUMP, "-res-usage", file.name]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return sum(int(number) for number in re.findall(r"(?:STACK|LOCAL):(\d+)", said))


if __name__ == "__main__":
    main()

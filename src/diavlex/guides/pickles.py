"""Weights that are pickles: never opened here, but told how to be made safetensors once."""

import shlex
import sys
import zipfile
from pathlib import Path

from diavlex.errors import BadWeights

ENDINGS = (".pt", ".pth", ".bin", ".ckpt", ".pkl")

_NO_WEIGHTS = ("optimizer", "rng_state", "scaler", "scheduler", "training_args")
"""What a training leaves beside the weights."""
_PARTS = "pytorch_model*.bin"
"""What transformers calls its own, whole or in parts."""

_PROGRAM = (
    "import torch, safetensors.torch as s; from pathlib import Path; f = Path({folder!r}); d = {{}}"
    "; [d.update(torch.load(p, map_location='cpu', weights_only=True)) for p in f.glob({files!r})]"
    "; s.save_file({{k: v.detach().clone().contiguous() for k, v in d.get('state_dict', d).items()"
    " if torch.is_tensor(v)}}, f / {to!r}, {{'format': 'pt'}})"
)


def pickle_in(folder: Path) -> Path | None:
    """A pickle of weights in a folder, if there is one."""
    found = [path for path in sorted(folder.iterdir()) if path.suffix in ENDINGS]
    return next((path for path in found if not path.name.startswith(_NO_WEIGHTS)), None)


def refusal(path: Path) -> BadWeights:
    """Why a pickle is not opened, and the command after which its folder is."""
    if _is_torchscript(path):
        return BadWeights(
            f"{path} is a TorchScript program, and diavlex runs none; OpenAI's models are here as "
            "--guide clip and --guide clip-b16."
        )
    folder = path.absolute().parent
    is_own = (folder / "config.json").is_file() and not path.name.startswith("open_clip")
    is_open_clip = (folder / "open_clip_config.json").is_file()
    if not (is_own or is_open_clip):
        return BadWeights(
            f"{path} is a pickle without its model's settings; put the config.json (transformers) "
            "or open_clip_config.json (open_clip) that belongs to it beside it."
        )
    is_own = is_own and (path.match(_PARTS) or not is_open_clip)
    return BadWeights(
        f"{path} is a pickle, which may run code when it is opened; if you trust it, convert it "
        f"once and name its folder: {_command(folder, path.name, is_own=is_own)}"
    )


def _command(folder: Path, name: str, *, is_own: bool) -> str:
    program = _PROGRAM.format(
        folder=str(folder),
        files=_PARTS if Path(name).match(_PARTS) else name,
        to="model.safetensors" if is_own else "open_clip_model.safetensors",
    )
    return f"{shlex.quote(sys.executable)} -c {shlex.quote(program)}"


def _is_torchscript(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any("/code/" in name for name in archive.namelist())
    except (OSError, ValueError, zipfile.BadZipFile):
        return False

"""Read a checkpoint, from which a painting that was cut off goes on."""

import os
from pathlib import Path

from torch import Tensor

from diavlex.errors import BadPainting
from diavlex.painting import FILE_NAME


def read_checkpoint(path: Path) -> tuple[dict[str, str], dict[str, Tensor]]:
    """What a checkpoint says of its painting, and its tensors.

    Raises:
        BadPainting: there is none, or it cannot be read.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), "pt") as file:
            about = file.metadata() or {}
            if not {"prompt", "config"} <= about.keys():
                raise BadPainting(
                    f"{path} was not written by diavlex; paint it anew, without --resume."
                )
            return about, {key: file.get_tensor(key) for key in file.keys()}
    except FileNotFoundError:
        is_done = os.path.exists(path.parent / FILE_NAME)
        what = "a finished painting" if is_done else "no unfinished painting"
        raise BadPainting(
            f"{path.parent} holds {what}: there is nothing to go on with; paint anew, without "
            "--resume."
        ) from None
    except (SafetensorError, OSError) as error:
        raise BadPainting(
            f"{path} cannot be read ({error}); paint it anew, without --resume."
        ) from error

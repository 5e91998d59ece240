"""The corpus: what is missing, cut short or altered is named, and nothing is read from it."""

import gzip
import hashlib
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from diavlex.errors import BadCorpus
from diavlex.training import corpus


def write_shard(folder: Path, name: str, count: int = 6) -> None:
    rows, data = [], b""
    for i in range(count):
        stream = io.BytesIO()
        Image.new("RGB", (24, 24), (40 * i, 10, 200)).save(stream, "WEBP", lossless=True)
        blob = stream.getvalue()
        rows.append(
            {
                "offset": len(data),
                "length": len(blob),
                "size": 24,
                "labels": [f"thing {i % 3}"],
                "captions": ["a thing"] if i % 2 else [],
                "kind": "photo",
                "source": "made",
                "licence": "open" if i % 2 else "research",
                "split": "test" if i == 5 else "train",
            }
        )
        data += blob
    (folder / f"{name}.bin").write_bytes(data)
    with gzip.open(folder / f"{name}.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("core-0", "extra-0"):
        write_shard(tmp_path, name)
    files = sorted(tmp_path.glob("*-0.*"))
    lines = [f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.name}\n" for f in files]
    (tmp_path / "SHA256SUMS").write_text("".join(lines))
    return tmp_path


def test_pictures_and_words_are_read(folder: Path) -> None:
    read = corpus.read(folder, 16, workers=1)
    assert read.pictures.shape == (12, 16, 16, 3)
    assert read.pictures[1, 8, 8].tolist() == [40, 10, 200]
    assert read.rows[1].captions == ("a thing",)
    assert {row.shard for row in read.rows} == {"core-0", "extra-0"}
    assert len(read.where(split="test")) == 2
    assert np.array_equal(read.where(split="train", shards=["core"]), np.arange(5))


def test_licences_are_kept_apart(folder: Path) -> None:
    read = corpus.read(folder, 16, frozenset({"open"}), workers=1)
    assert {row.licence for row in read.rows} == {"open"}
    assert len(read.rows) == len(read.pictures) == 6
    with pytest.raises(BadCorpus, match="no picture"):
        corpus.read(folder, 16, frozenset({"gpl"}), workers=1)


@pytest.mark.parametrize("name", ["extra-0.bin", "core-0.jsonl.gz"])
def test_a_bad_file_is_named(folder: Path, name: str) -> None:
    path = folder / name
    whole = path.read_bytes()
    path.write_bytes(whole[:-3])
    with pytest.raises(BadCorpus, match=f"{name} is cut short or altered"):
        corpus.check(folder)
    path.write_bytes(whole[:10] + bytes([whole[10] ^ 1]) + whole[11:])
    with pytest.raises(BadCorpus, match=name):
        corpus.check(folder)
    path.unlink()
    with pytest.raises(BadCorpus, match=f"{name} is missing"):
        corpus.check(folder)


def test_a_folder_without_a_corpus_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadCorpus, match="SHA256SUMS is missing"):
        corpus.check(tmp_path)

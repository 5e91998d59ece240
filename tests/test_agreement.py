"""Does the judge see what people see: the sheet and the looker's words are read as they were."""

from pathlib import Path

import numpy as np
import torch
from benchmarks import agreement
from PIL import Image

PICTURES = Path(__file__).parent.parent / "pictures"


def test_every_painting_of_the_sheet_has_its_line() -> None:
    seen = agreement.read((PICTURES / "everyday.txt").read_text(encoding="utf-8"))
    assert len(seen) == len({one.prompt for one in seen}) == 60
    assert "black sheep" in {one.prompt for one in seen}
    assert 36 <= sum(one.is_named for one in seen) < 60


def test_the_sheet_is_cut_where_the_paintings_end() -> None:
    with Image.open(PICTURES / "everyday.jpg") as file:
        pictures = agreement.cut(np.asarray(file.convert("RGB")), 60)
    assert {picture.shape for picture in pictures} == {(200, 200, 3)}
    sheet = np.zeros((404, 404, 3), np.uint8)
    sheet[204:, 204:] = 7
    last = agreement.cut(sheet, 4)[3]
    assert (last == 7).all()


def test_who_leads_by_more() -> None:
    scores = torch.tensor([[0.9, 0.1, 0.3], [0.2, 0.4, 0.6], [0.0, 0.0, 0.5]])
    torch.testing.assert_close(agreement.leads(scores), torch.tensor([0.6, -0.2, 0.5]))
    lead = agreement.leads(scores)
    assert agreement.likely(lead[[0, 2]], lead[[1]]) == 1.0
    assert agreement.likely(lead[[1]], lead[[0, 2]]) == 0.0
    assert agreement.likely(lead[[0, 1]], lead[[2]]) == 0.5

"""A small page for hosted rooms such as Spaces and Colab: words in, a picture comes, files out.

    pip install '.[studio]' gradio
    python app.py            (Colab: python app.py --share)

The studio itself is `diavlex studio`; this is for where only gradio can be shown.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

import diavlex
from diavlex import weights
from diavlex.config import PaintConfig, check_prompt
from diavlex.gallery import exports

FILES = ("png", "svg", "ora", "mp4", "html", "record")
PREVIEW_PX = 256
EVERY = 5
"""Steps between two pictures on the way."""


def paint(
    words: str, brush: str, strokes: float, steps: float, seed: float
) -> Iterator[tuple[Any, str, Any]]:
    """Paint, showing the canvas on the way; at the end there are files to take home."""
    try:
        config = PaintConfig(seed=int(seed), strokes=int(strokes), steps=int(steps), brush=(brush,))
        folder = Path(tempfile.mkdtemp(prefix="diavlex-"))
        session = diavlex.begin(check_prompt(words), config, folder)
        for step in session.paint():
            if step.index % EVERY == 0:
                told = f"{step.index} of {step.steps}, likeness {step.cosine:.3f}"
                yield diavlex.render(session.painting(), PREVIEW_PX), told, None
        record = session.painting()
        made = [str(save(record, name, folder)) for name in FILES]
        yield diavlex.render(record), f"Finished: {session.prompt}", made
    except diavlex.DiavlexError as error:
        raise gr.Error(str(error), print_exception=False) from error


def save(record: diavlex.Painting, name: str, folder: Path) -> Path:
    """A file of a painting."""
    export = exports.find(name)
    return exports.save(record, folder / f"painting{export.suffix}", name)


def page() -> gr.Blocks:
    """The page."""
    usual = PaintConfig()
    with gr.Blocks(title="diavlex") as blocks:
        gr.Markdown("# diavlex\nPaints from words, with brushstrokes.")
        with gr.Row():
            with gr.Column(scale=2):
                picture = gr.Image(label="The canvas", format="png")
                told = gr.Markdown()
            with gr.Column():
                words = gr.Textbox(label="What shall I paint?", placeholder="a lighthouse at dusk")
                brush = gr.Dropdown([*weights.known("brush")], value=usual.brush[0], label="Brush")
                strokes = gr.Slider(20, 2000, usual.strokes, step=10, label="Strokes")
                steps = gr.Slider(20, 400, usual.steps, step=10, label="Steps")
                seed = gr.Number(usual.seed, precision=0, minimum=0, label="Seed")
                go, stop = gr.Button("Paint", variant="primary"), gr.Button("Stop")
                files = gr.Files(label="Take it home")
        asked = [words, brush, strokes, steps, seed]
        painting = [
            way(paint, asked, [picture, told, files], concurrency_limit=1, concurrency_id="painter")
            for way in (go.click, words.submit)
        ]
        stop.click(None, cancels=painting)
    return blocks


def main() -> None:
    """Open the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", action="store_true", help="let gradio lend a public address")
    page().queue(max_size=20).launch(share=parser.parse_args().share)


if __name__ == "__main__":
    main()

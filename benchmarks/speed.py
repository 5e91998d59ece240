"""What a step of painting costs, piece by piece, and how near that is to what the machine can do.

    python -m benchmarks.speed > docs/speed.md    # the tables, as a page
    python -m benchmarks.speed --quick            # the same from few rounds of small cases
    python -m benchmarks.speed --plot             # how it all grows; draws docs/speed.png

Runs on the processor with one thread (`--threads`), and then on a GPU where there is one. Times are
the best of some rounds, on one thread in seconds of the processor, so that other programs count
little; what is compared is measured side by side. Memory is the peak of one step in a process of
its own, over what was there before it.
"""

import argparse
import json
import platform
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path

import torch
import transformers
from torch import Tensor
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

import diavlex
from benchmarks import growth
from benchmarks.clock import both_ways, elsewhere, extra_memory, race
from benchmarks.easel import Easel, judged, set_up
from benchmarks.founding import STROKES_A_TILE, large_painter, small_painter, stitch, stitched_px
from diavlex import brushes, canvas, guides, stroke
from diavlex.brushes import VARIANTS
from diavlex.brushes.neural import FAR_PX, SIDE_PX
from diavlex.config import PaintConfig
from diavlex.device import has_bfloat16
from diavlex.guides.dual_encoder import DualEncoder, Habits
from diavlex.guides.lens import Lens, Sight
from diavlex.guides.views import Augmentation, take_views
from diavlex.objective.reading import Reading

HOME = Path(__file__).parent.parent
CPU = torch.device("cpu")
CONTRAST = PaintConfig().contrast
UNMEASURED = "unmeasured"
FOUR_TRIES = "a painting of four tries over one, pocket"


@dataclass(frozen=True)
class Case:
    """A painting in progress, as far as its cost goes."""

    guide: str = "vit"
    strokes: int = 256
    canvas_px: int = 224
    views: int = 16

    @property
    def words(self) -> str:
        """For a table."""
        name = {"vit": "ViT-B/32", "pocket": "pocket"}[self.guide]
        return f"{name}, {self.strokes} strokes, {self.canvas_px} px, {self.views} views"


@dataclass(frozen=True)
class Plan:
    """What is measured."""

    rounds: int = 3
    strokes: tuple[int, ...] = (64, 256, 1024, 4096)
    canvases_px: tuple[int, ...] = (128, 224, 512, 1024)
    guides: tuple[tuple[str, int], ...] = (("vit", 4), ("vit", 16), ("pocket", 16), ("pocket", 64))
    founding_tiles: int = 8
    gemm_side: int = 3072

    @property
    def most(self) -> int:
        """Strokes of the largest case."""
        return self.strokes[-1]


QUICK = Plan(1, (16, 32), (32, 64), (("pocket", 2),), 2, 256)


def main(words: list[str] | None = None) -> None:
    """Measure and print."""
    options = flags().parse_args(words)
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    if options.memory:
        name, *numbers, device = options.memory
        print(json.dumps([memory(Case(name, *map(int, numbers)), torch.device(device))]))
        return
    if options.render_memory:
        print(json.dumps([growth.memory(*options.render_memory)]))
        return
    plan = QUICK if options.quick else Plan()
    if options.plot:
        growth.plot(Path(options.plot), ask, options.threads, is_quick=options.quick)
        return
    print(HEADER.format(date=date.today(), machine=machine(options.threads)))
    page(CPU, plan, options.threads)
    if torch.cuda.is_available():
        page(torch.device("cuda"), plan, options.threads)
    else:
        print(f"\n## On a GPU\n\nNone was at hand: {UNMEASURED}. `python -m benchmarks.speed` on a")
        print("machine that has one prints the tables above for it, and these targets:\n")
        print_gpu_targets(None, plan)


HEADER = """# What a step of painting costs

Printed by `python -m benchmarks.speed` on {date}.

{machine}
"""


def page(device: torch.device, plan: Plan, threads: int) -> None:
    """All tables of a device."""
    print(f"\n## On {device_name(device)}")
    gemm = print_roofline(device, plan)
    print_guides(device, plan, gemm)
    print_strokes(device, plan, threads)
    print_canvases(device, plan)
    print_brush(device, plan)
    founding = print_founding(device, plan)
    print_steps(device, plan, threads, founding)
    if device.type == "cuda":
        print_gpu_targets(device, plan)


def print_roofline(device: torch.device, plan: Plan) -> dict[torch.dtype, float]:
    """What the machine can do at best; multiplications and additions a second by type."""
    side, gemm = plan.gemm_side, {}
    block = torch.rand(side * side * 8, device=device)
    rows = []
    for kind in (torch.float32, torch.bfloat16):
        a = torch.rand(side, side, device=device).to(kind)
        (took,) = race([lambda a=a: a @ a], plan.rounds, device)
        gemm[kind] = 2 * side**3 / took
        rows.append((f"GEMM {side}, {str(kind)[6:]}", f"{gemm[kind] / 1e9:,.0f} GFLOP/s"))
    target = torch.empty_like(block)
    (took,) = race([lambda: target.copy_(block)], plan.rounds, device)
    rows.append(
        (f"copy, {block.nbytes / 1e6:,.0f} MB", f"{2 * block.nbytes / took / 1e9:,.1f} GB/s")
    )
    table("What the machine can do", ("", "measured"), rows)
    return gemm


def print_guides(device: torch.device, plan: Plan, gemm: dict[torch.dtype, float]) -> None:
    """The guides alone, against the time their operations would need in a GEMM."""
    rows = []
    for name, views in plan.guides:
        pictures = pictures_for(name, views, device)
        judge = partial(judged, aim(name, device), contrast=CONTRAST)
        ahead, back = both_ways(judge, [pictures], plan.rounds)
        with FlopCounterMode(display=False) as counter:
            judge(pictures.clone().requires_grad_()).backward()
        kind = torch.bfloat16 if has_bfloat16(device.type) else torch.float32
        limit = counter.get_total_flops() / gemm[kind]
        rows.append(
            (name, views, ms(ahead), ms(back), f"{counter.get_total_flops() / 1e9:.1f}",
             str(kind)[6:], ms(limit), percent(limit / (ahead + back)))
        )  # fmt: skip
    heads = ("guide", "views", "forward ms", "backward ms", "GFLOP", "in", "limit ms", "of limit")
    table("Guides alone (`vit` is ViT-B/32 with random weights)", heads, rows)


def print_strokes(device: torch.device, plan: Plan, threads: int) -> None:
    """All but the guide, piece by piece, by strokes; memory of the whole step."""
    rows, pieces = [], {}
    for count in plan.strokes:
        case = Case(plan.guides[0][0], count, plan.canvases_px[1], plan.guides[0][1])
        pieces = measured_pieces(case, device, plan.rounds)
        cells = [f"{ms(ahead)} + {ms(back)}" for ahead, back in pieces.values()]
        rows.append((count, *cells, megabytes(memory_elsewhere(case, device, threads))))
    heads = ("strokes", *pieces, "peak MB")
    px, guide = plan.canvases_px[1], f"{plan.guides[0][0]}, {plan.guides[0][1]} views"
    table(f"Strokes, on {px} px ({guide}): forward + backward, ms", heads, rows)


def print_canvases(device: torch.device, plan: Plan) -> None:
    """All but the guide, piece by piece, by canvas."""
    rows, pieces = [], {}
    for px in plan.canvases_px:
        case = Case(plan.guides[0][0], plan.strokes[1], px, plan.guides[0][1])
        pieces = measured_pieces(case, device, plan.rounds)
        rows.append((px, *(f"{ms(ahead)} + {ms(back)}" for ahead, back in pieces.values())))
    title = f"Canvas, {plan.strokes[1]} strokes: forward + backward, ms"
    table(title, ("canvas px", *pieces), rows)


def print_brush(device: torch.device, plan: Plan) -> None:
    """Strokes as they are on a large canvas, and as they are seen from afar on a small one."""
    count = plan.strokes[1]
    shapes = growth.parts_of(count).shapes.to(device)
    brush, variants = brushes.load("oil").to(device), torch.arange(count, device=device) % VARIANTS
    sides = {f"{SIDE_PX} px": SIDE_PX, f"{FAR_PX} px, from afar": FAR_PX}
    ways = {
        name: both_ways(partial(brush, variants=variants, side_px=side), [shapes], 9)
        for name, side in sides.items()
    }
    whole = [sum(pair) for pair in ways.values()]
    rows = [
        (name, *(f"{took / count * 1e6:,.1f}" for took in pair), f"{whole[0] / sum(pair):.0f}")
        for name, pair in ways.items()
    ]
    heads = ("patches", "forward", "backward", "times as fast")
    table(f"The brush, {count} strokes: microseconds a stroke", heads, rows)


def print_founding(device: torch.device, plan: Plan) -> list[float]:
    """Against the founding painters: how many times as fast a stroke is, by painter."""
    tiles = plan.founding_tiles
    side, count = stitched_px(tiles), tiles * tiles * STROKES_A_TILE
    brush, variants = brushes.load("oil").to(device), torch.arange(count, device=device) % VARIANTS
    actions = torch.rand(STROKES_A_TILE, tiles * tiles, 28, device=device)
    small, large = small_painter().to(device), large_painter().to(device)
    runs = {
        "neural painter, 0.81 M": lambda: back(actions, lambda x: stitch(small, x, tiles)),
        "GeneratorX, 36.4 M": lambda: back(actions[..., :12], lambda x: stitch(large, x, tiles)),
    }
    lengths = {
        "diavlex, strokes as long as a tile": torch.full((count,), 0.5 * 64 / side),
        "diavlex, strokes of a painting": torch.logspace(0, 1, count, base=0.125) * 0.4,
    }
    for name, half in lengths.items():
        own = stroke.random_actions(half, torch.Generator().manual_seed(0)).to(device)
        ground = torch.ones(3, side, side, device=device)

        def paint(actions: Tensor, ground: Tensor = ground) -> Tensor:
            parts = stroke.split(actions)
            patches = brush(parts.shapes, variants)
            return canvas.paint(patches, parts.placements, parts.colors, ground)

        runs[name] = lambda own=own, paint=paint: back(own, paint)
    times = race(list(runs.values()), plan.rounds, device)
    rows = [
        (name, f"{took / count * 1e6:,.0f}", f"{times[0] / took:.1f}", f"{times[1] / took:.1f}")
        for name, took in zip(runs, times, strict=True)
    ]
    heads = ("", "microseconds a stroke", "times as fast as 0.81 M", "as 36.4 M")
    table(f"Founding painters: {count} strokes on {side} px, forward and backward", heads, rows)
    return [times[0] / times[2], times[1] / times[2], times[0] / times[3], times[1] / times[3]]


def print_steps(device: torch.device, plan: Plan, threads: int, founding: list[float]) -> None:
    """Whole steps beside their guides, and what was to be reached."""
    guide, views = plan.guides[min(1, len(plan.guides) - 1)]
    few, many, px = plan.strokes[1], plan.most, plan.canvases_px[1]
    base = Case(guide, few, px, views)
    cases = [base, replace(base, strokes=many)]
    small = Case("pocket", 200, 80, 16) if plan.rounds > 1 else Case("pocket", 16, 32, 2)
    cases += [small, replace(small, strokes=few), replace(small, strokes=many)]
    easels = [easel(case, device) for case in cases]
    times = race([*(one.step for one in easels), *map(guide_alone, easels)], plan.rounds, device)
    steps, alone = times[: len(cases)], times[len(cases) :]
    rows = [
        (case.words, ms(whole), ms(own), percent(whole / own - 1), f"{1 / whole:.1f}")
        for case, whole, own in zip(cases, steps, alone, strict=True)
    ]
    heads = ("step", "ms", "guide alone ms", "over the guide", "steps a second")
    table("Whole steps", heads, rows)
    if device.type == "cuda":
        return
    large = Case(guide, many, plan.canvases_px[2] if plan.rounds > 1 else px, views)
    peak = memory_elsewhere(large, device, threads) / 1e9
    tries = tries_over_one(device, 60 if plan.rounds > 1 else 4)
    targets = [
        (f"over the guide: {base.words}", "<= 15 %", percent(steps[0] / alone[0] - 1)),
        (f"{many} strokes over {few}, {guide}", "<= 4 times", f"{steps[1] / steps[0]:.1f} times"),
        (f"{many} strokes over {few}, pocket", "<= 4 times", f"{steps[4] / steps[3]:.1f} times"),
        (f"memory: {large.words}", "<= 1.5 GB", f"{peak:.2f} GB"),
        (small.words, ">= 8 steps/s", f"{1 / steps[2]:.1f} steps/s"),
        (FOUR_TRIES, "<= 2 times", f"{tries:.1f} times"),
        ("a stroke as long as a tile over 0.81 M", ">= 5 times", f"{founding[0]:.1f} times"),
        ("a stroke as long as a tile over 36.4 M", ">= 5 times", f"{founding[1]:.1f} times"),
        ("a stroke of a painting over 0.81 M", ">= 5 times", f"{founding[2]:.1f} times"),
        ("a stroke of a painting over 36.4 M", ">= 5 times", f"{founding[3]:.1f} times"),
    ]
    table("To be reached", ("", "target", "measured"), targets)


def print_gpu_targets(device: torch.device | None, plan: Plan) -> None:
    """What is to be reached on a GPU; not measured where there is none."""
    print_launches(plan)
    fast, wide = Case("vit", 256, 224, 32), Case("vit", 4096, 512, 16)
    rate = whole = over = tries = peak = UNMEASURED
    if device is not None:
        one = easel(fast, device)
        step, alone = race([one.step, guide_alone(one)], 20, device)
        (many,) = race([lambda: [one.step() for _ in range(500)]], 1, device)
        rate, whole, over = f"{1 / step:.0f} steps/s", f"{many:.1f} s", percent(step / alone - 1)
        tries = f"{tries_over_one(device):.1f} times"
        peak = f"{memory_elsewhere(wide, device, 1) / 1e9:.2f} GB"
    rows = [
        (fast.words, ">= 60 steps/s", rate),
        ("500 steps of it", "<= 10 s", whole),
        ("over the guide, as above", "<= 15 %", over),
        (FOUR_TRIES, "<= 2 times", tries),
        (f"memory: {wide.words}", "<= 4 GB", peak),
    ]
    table("To be reached on a GPU", ("", "target", "measured"), rows)


def print_launches(plan: Plan) -> None:
    """How many kernels steps start on a GPU, if Triton is there to say what it starts."""
    if find_spec("triton") is None:
        return
    from benchmarks.launches import DEVICE, launches

    few, guide = plan.strokes[1], plan.guides[min(1, len(plan.guides) - 1)][0]
    px = plan.canvases_px[1]
    cases = [Case(guide, few, px, 16), Case(guide, plan.most, px, 16), Case("pocket", few, 80, 16)]
    rows = [(case.words, launches(easel(case, DEVICE).step)) for case in cases]
    table("Kernels that a step starts on a GPU, counted without one", ("step", "kernels"), rows)


def tries_over_one(device: torch.device, steps: int = 60) -> float:
    """How many times as long a painting takes that is the best of four starts."""
    one, four = (
        partial(diavlex.paint, "a boat", device=device.type, steps=steps, tries=tries)
        for tries in (1, 4)
    )
    alone, together = race([one, four], 1, device)
    return together / alone


def measured_pieces(
    case: Case, device: torch.device, rounds: int
) -> dict[str, tuple[float, float]]:
    """Seconds forward and backward of each piece of a step."""
    one = easel(case, device)
    search, guide = one.search, one.objective.readings[0].guide
    with torch.no_grad():
        parts = search.parts()
        patches = search.patches(parts)
        background = torch.zeros(3, case.canvas_px, case.canvas_px, device=device)
        picture = canvas.paint(patches, parts.placements, parts.colors, background)

    def bound(*free: Tensor) -> Tensor:
        parts = stroke.bound(torch.cat(free, -1))
        return torch.cat([parts.shapes, parts.placements, parts.colors], -1)

    def view(picture: Tensor) -> Tensor:
        return take_views(picture, case.views, guide.side_px, Augmentation(), search.generator)

    def brush(shapes: Tensor) -> Tensor:
        return search.patches(replace(parts, shapes=shapes))

    one.step()
    (adam,) = race(
        [lambda: search.optimizer.step({name: 0.01 for name in search.free})], rounds, device
    )
    return {
        "numbers": both_ways(bound, list(search.free.values()), rounds),
        "brush": both_ways(brush, [parts.shapes], rounds),
        "canvas": both_ways(
            lambda p, q, c: canvas.paint(p, q, c, background),
            [patches, parts.placements, parts.colors],
            rounds,
        ),
        "views": both_ways(view, [picture], rounds),
        "optimizer": (adam, 0.0),
    }


def guide_alone(one: Easel) -> Callable[[], None]:
    """Its forward and backward at the views that a step shows it."""
    (reading,) = one.objective.readings
    side_px = reading.guide.side_px
    pictures = torch.rand(one.search.config.views, 3, side_px, side_px).to(one.search.device)
    return lambda: back(pictures, partial(judged, reading, contrast=CONTRAST))


def back(inputs: Tensor, run) -> None:
    """Forward and backward."""
    leaf = inputs.detach().requires_grad_()
    out = run(leaf)
    torch.autograd.grad(out, leaf, torch.ones_like(out))


def memory(case: Case, device: torch.device) -> int:
    """Bytes that a step needs at its peak; for a fresh process."""
    one = easel(case, device)
    easel(Case(case.guide, 1, 32, 1), device).step()  # what is loaded once
    return extra_memory(lambda: [one.step(), one.step()], device)


@cache
def memory_elsewhere(case: Case, device: torch.device, threads: int) -> float:
    """The same from a fresh process."""
    words = [case.guide, *map(str, (case.strokes, case.canvas_px, case.views)), str(device)]
    return elsewhere("benchmarks.speed", ["--threads", str(threads), "--memory", *words])[0]


def easel(case: Case, device: torch.device) -> Easel:
    """A painting in progress."""
    config = PaintConfig(
        strokes=case.strokes, canvas_px=case.canvas_px, views=case.views, steps=10_000,
        reinitialize=0,
    )  # fmt: skip
    return set_up(config, aim(case.guide, device), brushes.load("oil").to(device))


@cache
def aim(name: str, device: torch.device) -> Reading:
    """What a guide wants, with as many negatives as a painting has, more or less."""
    guide = guides.load(name) if name == "pocket" else vit()
    with torch.no_grad():
        width = guide.encode_image(torch.rand(1, 3, 224, 224)).shape[1]
    vectors = torch.randn(300, width, generator=torch.Generator().manual_seed(0)).to(device)
    vectors = functional.normalize(vectors, dim=-1)
    return Reading(guide.to(device), 1.0, vectors[:1], (1.0,), vectors[1:])


def vit() -> DualEncoder:
    """CLIP ViT-B/32 as it sees; its weights are random, its words left out."""
    few = {"hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "vocab_size": 8}
    few |= {"num_attention_heads": 1}
    torch.manual_seed(0)
    model = transformers.CLIPModel(transformers.CLIPConfig(text_config=few)).eval()
    middle, spread = (0.481, 0.458, 0.408), (0.269, 0.261, 0.276)
    lens = Lens(Sight("shorter", 224, 224, (224, 224), "bicubic", middle, spread))
    guide = DualEncoder("vit", model, None, lens, Habits(77))
    guide.is_bfloat16 = True
    return guide


def ask(name: str, views: int) -> float:
    """Seconds that a guide takes for so many views, forward and backward; on the processor."""
    judge = partial(judged, aim(name, CPU), contrast=CONTRAST)
    return sum(both_ways(judge, [pictures_for(name, views, CPU)], 1))


def pictures_for(name: str, views: int, device: torch.device) -> Tensor:
    """Pictures of the size that a guide sees."""
    side_px = aim(name, device).guide.side_px
    return torch.rand(views, 3, side_px, side_px, device=device)


def device_name(device: torch.device) -> str:
    """In words."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return "the processor"


def machine(threads: int) -> str:
    """What it ran on."""
    path, model = Path("/proc/cpuinfo"), platform.processor() or platform.machine()
    if path.exists():
        lines = [x for x in path.read_text().splitlines() if x.startswith("model name")]
        model = lines[0].partition(":")[2].strip() if lines else model
    versions = f"torch {torch.__version__}, transformers {transformers.__version__}"
    version = f"Python {platform.python_version()}"
    return f"{model}, {threads} thread{'s' * (threads > 1)}; {version}, {versions}."


def table(title: str, heads: tuple, rows: list[tuple]) -> None:
    """Print a table in markdown."""
    print(f"\n**{title}**\n")
    print(f"| {' | '.join(map(str, heads))} |")
    print("|" + "---|" * len(heads))
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |", flush=True)


def ms(seconds: float) -> str:
    """Milliseconds."""
    return f"{seconds * 1e3:,.1f}"


def percent(share: float) -> str:
    """Of a hundred."""
    return f"{share * 100:.0f} %"


def megabytes(count: float) -> str:
    """Millions of bytes."""
    return f"{count / 1e6:,.0f}"


def flags() -> argparse.ArgumentParser:
    """What can be asked for."""
    kind = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=kind)
    parser.add_argument("--quick", action="store_true", help="few rounds of small cases")
    parser.add_argument("--threads", type=int, default=1, help="of the processor")
    parser.add_argument(
        "--plot", nargs="?", const=str(HOME / "docs" / "speed.png"), help="where to draw growth"
    )
    parser.add_argument("--render-memory", nargs=2, type=int, help=argparse.SUPPRESS)
    parser.add_argument("--memory", nargs=5, help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    main()

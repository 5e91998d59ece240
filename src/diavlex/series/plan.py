"""What a series is to paint: every prompt, with every seed, by every recipe."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from diavlex.config import PaintConfig, choose
from diavlex.errors import BadValue, DiavlexError
from diavlex.files import slug

from .lines import Faults, Line

MOST_JOBS = 1_000_000
MOST_SEEDS = 100_000
NO_RECIPE: Mapping[str, Mapping[str, Any]] = {"": {}}


@dataclass(frozen=True)
class Job:
    """One painting to be made."""

    prompt: str
    config: PaintConfig
    recipe: str = ""
    """The name of the recipe that the config is by, if it is by one."""


def plan(
    lines: Sequence[Line],
    faults: Faults,
    *,
    seeds: int = 1,
    recipes: Mapping[str, Mapping[str, Any]] = NO_RECIPE,
    choices: Mapping[str, Any] | None = None,
) -> list[Job]:
    """One job for every line, seed and recipe; what was said twice is one job.

    Args:
        lines: prompts and their choices.
        faults: gets what is wrong, by line.
        seeds: how many, counted up from the line's own.
        recipes: choices by the recipe's name; those of a line come before them.
        choices: for all, before those of lines and recipes.

    Raises:
        BadValue: too many, or a choice for all that cannot be.
    """
    if not 1 <= seeds <= MOST_SEEDS:
        raise BadValue(f"--seeds is {seeds}: it must be 1 to {MOST_SEEDS}.")
    if (count := len(lines) * seeds * len(recipes)) > MOST_JOBS:
        raise BadValue(f"the plan asks for {count:,} paintings: at most {MOST_JOBS:,}; split it.")
    choose(**choices or {})
    config_of = _configs(recipes, choices or {})
    asked: dict[tuple[str, PaintConfig], str] = {}
    for line in lines:
        try:
            for prompt, config, recipe in _of_line(line, seeds, list(recipes), config_of):
                asked.setdefault((prompt, config), recipe)
        except DiavlexError as error:
            faults.add(line.number, error)
    _check_words(lines, [config for _, config in asked], faults)
    return [Job(prompt, config, recipe) for (prompt, config), recipe in asked.items()]


class Namer:
    """Gives every painting of a series a folder's name of its own, which is never a path."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = set(taken)
        self._next: dict[str, int] = {}

    def name(self, job: Job) -> str:
        """The prompt, the seed, the recipe; a number behind it where there is one already."""
        recipe = f"-{slug(job.recipe)}" if job.recipe else ""
        base = f"{slug(job.prompt)}-{job.config.seed}{recipe}"
        name, number = base, self._next.get(base, 2)
        while name in self.taken:
            name, number = f"{base}-{number}", number + 1
        self._next[base] = number
        self.taken.add(name)
        return name


_ConfigOf = Callable[[str, Mapping[str, Any]], PaintConfig]


def _configs(recipes: Mapping[str, Mapping[str, Any]], choices: Mapping[str, Any]) -> _ConfigOf:
    """A function that finds the config of a recipe and a line's choices, each made once."""

    @cache
    def make(recipe: str, told: tuple[tuple[str, Any], ...]) -> PaintConfig:
        return choose(**{**recipes[recipe], **dict(told), **choices})

    def config_of(recipe: str, told: Mapping[str, Any]) -> PaintConfig:
        rest = {name: value for name, value in told.items() if name != "seed"}
        config = make(recipe, tuple(sorted(rest.items())))
        is_own = "seed" in told and "seed" not in choices
        return replace(config, seed=told["seed"]) if is_own else config

    return config_of


def _of_line(
    line: Line, seeds: int, recipes: Sequence[str], config_of: _ConfigOf
) -> Iterator[tuple[str, PaintConfig, str]]:
    for recipe in recipes:
        config = config_of(recipe, line.choices)
        _check_names(config)
        yield line.prompt, config, recipe
        for more in range(1, seeds):
            yield line.prompt, replace(config, seed=config.seed + more), recipe


def _check_names(config: PaintConfig) -> None:
    """Check that a config's brushes and shipped guides are there, without opening them."""
    for name in config.brushes:
        _check_brush(name)
    for name, _ in config.guide:
        _check_guide(name)


@cache
def _check_brush(name: str) -> None:
    from diavlex import weights

    weights.find("brush", name)


@cache
def _check_guide(name: str) -> None:
    from diavlex import guides

    guides.check(name)


def _check_words(lines: Sequence[Line], configs: Iterable[PaintConfig], faults: Faults) -> None:
    """Note the lines of which a shipped guide can read no word; others read any."""
    from diavlex import guides, weights
    from diavlex.guides.pocket import Pocket

    names = {name for config in configs for name, _ in config.guide}
    for name in sorted(names & weights.known("guide").keys()):
        guide = guides.load(name)
        if not isinstance(guide, Pocket):
            continue
        for line in lines:
            words = [word for word in line.prompt.split() if any(c.isalnum() for c in word)]
            if len(guide.unknown(line.prompt)) == len(words):
                faults.add(line.number, f"{name} can read no word of '{line.prompt}'.")

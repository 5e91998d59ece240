"""How other programs let people say things in a prompt, and how they are said here."""

import re

_NUMBER = r"[+-]?\d*\.?\d+"
_SAID_HERE = (
    (
        re.compile(r"\|"),
        "'|' parts prompts in other programs; here each has quotes of its own: "
        "diavlex paint \"a lighthouse\" \"a storm:0.5\".",
    ),
    (
        re.compile(rf"[(\[][^()\[\]]+:\s*{_NUMBER}\s*[)\]]"),
        "'(words:1.4)' gives words a weight in other programs; here a weight is a prompt's, and "
        "stands at its end: diavlex paint \"a field\" \"sheep:1.4\".",
    ),
    (
        re.compile(r"\(\([^()]+\)\)|\[\[[^\[\]]+\]\]"),
        "'((words))' gives words a weight in other programs; here a weight is a prompt's, and "
        "stands at its end: diavlex paint \"a field\" \"sheep:1.4\".",
    ),
    (
        re.compile(rf"::\s*({_NUMBER})?"),
        "'::' gives a weight in other programs; here it stands behind one colon at the end of a "
        "prompt in quotes of its own: diavlex paint \"a field\" \"sheep:1.4\".",
    ),
    (
        re.compile(r"<\w+:[^<>]+>"),
        "'<name:weight>' loads a file in other programs; here it is read as words, and files are "
        "named by --guide and --brush.",
    ),
    (
        re.compile(r"(?:^|\s)--(?:ar|no|seed|stylize|chaos|v|s|q)\s", re.IGNORECASE),
        "options within the prompt are read as words; here they stand outside its quotes "
        "(see: diavlex paint --help).",
    ),
)  # fmt: skip


def said_here(prompt: str) -> list[str]:
    """How a prompt that is written for another program is written here, a sentence each."""
    return [told for form, told in _SAID_HERE if form.search(prompt)]

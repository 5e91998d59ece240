"""The record's JSON Schema, as it ships in the package."""

import json

from diavlex.painting.described import json_schema


def schema() -> str:
    """The file's text."""
    return json.dumps(json_schema(), indent=1) + "\n"

"""The page of the studio's HTTP API, from the description that the server itself hands out."""

from typing import Any

from diavlex.web.openapi import description

from .choices import table

HEAD = """# The HTTP API

*Made from the program: `make pages` writes this page anew, and a test holds it current.*

`diavlex studio` serves a page and the verbs that the page itself uses. The server hands out the
whole description as OpenAPI 3.1 (`/openapi.json`; `/docs` shows it). How the server is started, who
may come in and what may be sent: [The studio](studio.md).

```sh
curl -s localhost:8700/paintings -H 'Content-Type: application/json' -d '{"prompt": "black sheep"}'
```

An answer of 400 and above is a JSON object with one entry, `error`: a line that says what was
wrong.
"""


def page() -> str:
    """The page."""
    about = description()
    parts = [HEAD]
    for path, verbs in about["paths"].items():
        for verb, told in verbs.items():
            parts.append(_verb(path, verb, told))
    parts.append("## What is sent and answered\n")
    for name, schema in about["components"]["schemas"].items():
        parts.append(_schema(name, schema))
    return "\n".join(parts)


def _verb(path: str, verb: str, told: dict[str, Any]) -> str:
    lines = [f"## {verb.upper()} {path}\n", f"{told['summary']}\n"]
    asked = [
        [f"`{one['name']}`", one["in"], _kind(one["schema"]), one.get("description", "")]
        for one in told.get("parameters", [])
    ]
    if asked:
        lines.append(table(("parameter", "in", "type", "what it is"), asked))
    for kind, content in told.get("requestBody", {}).get("content", {}).items():
        lines.append(f"Sent: `{kind}`{_shape(content.get('schema'))}.\n")
    answers = [_answer(code, one) for code, one in sorted(told["responses"].items())]
    return "\n".join([*lines, table(("answer", "what it is"), answers)])


def _answer(code: str, told: dict[str, Any]) -> list[str]:
    content = told.get("content", {})
    kinds = [f"`{kind}`{_shape(one.get('schema'))}" for kind, one in content.items()]
    return [code, " ".join([told["description"], *kinds])]


def _shape(schema: dict[str, Any] | None) -> str:
    kind = _kind(schema or {})
    return f" ({kind})" if kind else ""


def _kind(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    if "enum" in schema:
        return " or ".join(f"`{one}`" for one in schema["enum"])
    if schema.get("type") == "array" and schema.get("items"):
        return f"list of {_kind(schema['items'])}"
    if schema.get("type") == "object" and schema.get("properties"):
        return ", ".join(f"`{name}`: {_kind(one)}" for name, one in schema["properties"].items())
    kind = schema.get("type", "")
    kind = " or ".join(kind) if isinstance(kind, list) else kind
    bounds = [str(schema[key]) for key in ("minimum", "maximum") if key in schema]
    return " ".join([kind, *([f"{' to '.join(bounds)}"] if bounds else [])])


def _schema(name: str, schema: dict[str, Any]) -> str:
    rows = [
        [f"`{key}`", _kind(one) if key != "choices" else "see [Every choice](choices.md)",
         one.get("description", "")]
        for key, one in schema.get("properties", {}).items()
    ]  # fmt: skip
    if not rows:
        return f"### {name}\n\nA text of the form `{schema['pattern']}`.\n"
    return f"### {name}\n\n{table(('entry', 'type', 'what it is'), rows)}"

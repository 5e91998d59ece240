"""The API in OpenAPI's words, so that other programs can use it; `/docs` shows it."""

from functools import cache
from typing import Any

from diavlex import __version__
from diavlex.config.prompts import MOST_LETTERS
from diavlex.gallery import exports
from diavlex.web import form, ledger, uploads

_ID = {"name": "id", "in": "path", "required": True, "schema": {"$ref": "#/components/schemas/Id"}}
_JSON = "application/json"
_STROKES = (
    "Its strokes as they are now, little-endian: the id (12 letters), step, steps and count "
    "(uint32 each), then 13 uint16 a stroke: its twelve numbers, each spread over its range "
    "(pressures and colors 0 to 1, size 0 to 4, places -4 to 12), and brush * 256 + variant. The "
    "web socket /live "
    'sends the same, live: send it {"watch": [ids]}.'
)


@cache
def description() -> dict[str, Any]:
    """The whole of it, OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "diavlex studio",
            "version": __version__,
            "description": "Paint from words, watch it, take it home. Everything the page does.",
        },
        "paths": _paths(),
        "components": {"schemas": _schemas()},
    }


def _paths() -> dict[str, Any]:
    return _general() | _paintings() | _parts_of_paintings() | _pictures() | _door()


def _general() -> dict[str, Any]:
    about = "What can be asked for: fields with their bounds, brushes, guides, recipes, wishes."
    thing = {"200": _of({"type": "object"})}
    return {
        "/health": {"get": _verb("Whether the server is well.", thing)},
        "/choices": {"get": _verb(about, thing)},
    }


def _paintings() -> dict[str, Any]:
    show = "A painting: how it stands, what was asked for, its curve, how to make it elsewhere."
    remove = "Take a painting out; its folder is moved into the studio's own and not deleted."
    gone = {"204": {"description": "It is gone."}, "409": _error()}
    return {
        "/paintings": {"get": _list(), "post": _paint()},
        "/paintings/{id}": {
            "get": _verb(show, {"200": _of(_ref("Painting"))}, _ID),
            "delete": _verb(remove, gone, _ID),
        },
        "/paintings/{id}/pause": _order("Let go of it within a second; it can be gone on with."),
        "/paintings/{id}/stop": _order("End it within a second; what there is becomes a picture."),
        "/paintings/{id}/continue": _order("Go on with one that was paused, stopped or cut off."),
        "/paintings/{id}/again": {"post": _again()},
    }


def _parts_of_paintings() -> dict[str, Any]:
    events = "How it stands each time that changes, as server-sent events, until it is done."
    streamed = {"200": _bytes("text/event-stream")}
    numbers = {"200": _bytes("application/octet-stream"), "404": _error()}
    picture = {"200": _bytes("image/png"), "404": _error(), "422": _error()}
    small = _query("small", {"type": "string"}, "if it is there, a small JPEG")
    return {
        "/paintings/{id}/events": {"get": _verb(events, streamed, _ID)},
        "/paintings/{id}/strokes": {"get": _verb(_STROKES, numbers, _ID)},
        "/paintings/{id}/picture": {"get": _verb("Its picture, as PNG.", picture, _ID, small)},
        "/paintings/{id}/files/{export}": {"get": _file()},
    }


def _pictures() -> dict[str, Any]:
    found = {"200": _bytes("image/png"), "404": _error()}
    name = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "/pictures": {"post": _send_picture()},
        "/pictures/{id}": {"get": _verb("A picture that was sent.", found, _ID)},
        "/brushes/{name}": {"get": _verb("What a brush's strokes look like.", found, name)},
    }


def _door() -> dict[str, Any]:
    come = "Come in, where a password is asked for; the answer's cookie is the key."
    answers = {"200": _of({"type": "object"}), "401": _error(), "429": _error()}
    body = {"type": "object", "properties": {"password": {"type": "string"}}}
    gone = {"303": {"description": "Back to the door."}}
    return {
        "/login": {"post": _verb(come, answers, body=body)},
        "/logout": {"post": _verb("Go out again.", gone)},
    }


def _list() -> dict[str, Any]:
    states = {"type": "string", "examples": ["done,stopped"]}
    limit = {"type": "integer", "minimum": 1, "maximum": 200, "default": 60}
    return _verb(
        "Paintings, newest first.",
        {"200": _of(_many()), "422": _error()},
        _query("words", {"type": "string"}, "only those whose prompt holds all of them"),
        _query("state", states, f"only those that stand so: {', '.join(ledger.STATES)}"),
        _query("before", {"type": "number", "minimum": 0}, "only older ones, seconds since 1970"),
        _query("limit", limit, "how many"),
    )


def _paint() -> dict[str, Any]:
    return _verb(
        "Put a painting in line.",
        {"201": _of(_many()), "409": _error(), "413": _error(), "415": _error(), "422": _error()},
        body=_ref("Request"),
    )


def _again() -> dict[str, Any]:
    seed = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
    return _verb(
        "Put the same in line with another seed; any, if none is given.",
        {"201": _of(_many()), "409": _error(), "415": _error(), "422": _error()},
        _ID,
        body={"type": "object", "properties": {"seed": seed}, "additionalProperties": False},
    )


def _file() -> dict[str, Any]:
    names = {"type": "string", "enum": list(exports.known())}
    return _verb(
        "A file of it, made on the spot; several files come as one archive. The choices of the "
        "export, as /choices tells them, are parameters: ?size=2048&engine=mypaint.",
        {"200": _bytes("application/octet-stream"), "422": _error()},
        _ID,
        {"name": "export", "in": "path", "required": True, "schema": names},
    )


def _send_picture() -> dict[str, Any]:
    most = f"{uploads.MOST_BYTES >> 20} MB and {uploads.MOST_PX // 1_000_000} megapixels"
    told = {"id": _ref("Id"), "height_px": {"type": "integer"}, "width_px": {"type": "integer"}}
    verb = _verb(
        f"Send a picture, PNG, JPEG or WebP, at most {most}; its pixels alone are kept.",
        {
            "201": _of({"type": "object", "properties": told}),
            "413": _error(),
            "422": _error(),
        },
    )
    kinds = {f"image/{kind.lower()}": {} for kind in uploads.FORMATS}
    return verb | {"requestBody": {"required": True, "content": kinds}}


def _order(about: str) -> dict[str, Any]:
    return {"post": _verb(about, {"200": _of(_ref("State")), "409": _error()}, _ID)}


def _verb(
    about: str, answers: dict[str, Any], *parameters: dict[str, Any], body: Any = None
) -> dict[str, Any]:
    told: dict[str, Any] = {"summary": about, "responses": dict(answers)}
    if any(parameter["in"] == "path" for parameter in parameters):
        told["responses"].setdefault("404", _error())
    if parameters:
        told["parameters"] = list(parameters)
    if body is not None:
        told["requestBody"] = {"content": {_JSON: {"schema": body}}}
    return told


def _query(name: str, schema: dict[str, Any], about: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": about}


def _of(schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": "The answer.", "content": {_JSON: {"schema": schema}}}


def _bytes(kind: str) -> dict[str, Any]:
    return {"description": "The answer.", "content": {kind: {}}}


def _error() -> dict[str, Any]:
    schema = {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]}
    return {"description": "Why not.", "content": {_JSON: {"schema": schema}}}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _many() -> dict[str, Any]:
    listed = {"type": "array", "items": _ref("State")}
    return {"type": "object", "properties": {"paintings": listed}, "required": ["paintings"]}


def _schemas() -> dict[str, Any]:
    return {
        "Id": {"type": "string", "pattern": f"^{form.ID.pattern}$"},
        "Request": _request_schema(),
        "State": _state_schema(),
        "Painting": {
            "allOf": [_ref("State")],
            "properties": {
                "request": {"type": "object"},
                "command": {"type": "string"},
                "python": {"type": "string"},
                "curve": {"type": "array"},
            },
        },
    }


def _request_schema() -> dict[str, Any]:
    wishes = {name: {"description": f"To {about}."} for name, about in form.WISHES.items()}
    prompt = {"type": "string", "minLength": 1, "maxLength": MOST_LETTERS}
    also = {"type": "array", "items": {"type": "string"}, "maxItems": form.MOST_ALSO}
    choices = {
        "type": "object",
        "properties": {field["name"]: _schema(field) for field in form.form({})["fields"]},
        "additionalProperties": False,
    }
    own = {
        "prompt": prompt | {"examples": ["black sheep"]},
        "also": also | {"examples": [["a storm:0.5", "lettering:-0.3"]]},
        "choices": choices,
        "recipe": {"type": "string"},
        "side_by_side": {"type": "integer", "minimum": 1, "maximum": form.MOST_SIDE_BY_SIDE},
    }
    return {
        "type": "object",
        "required": ["prompt"],
        "additionalProperties": False,
        "properties": own | wishes,
    }


def _state_schema() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["id", "prompt", "state", "step", "steps", "error", "can"],
        "properties": {
            "id": _ref("Id"),
            "prompt": {"type": "string"},
            "state": {"enum": list(ledger.STATES)},
            "place_in_line": {"type": ["integer", "null"]},
            "step": {"type": "integer"},
            "steps": {"type": "integer"},
            "left_s": {"type": ["number", "null"]},
            "error": {"type": "string"},
            "has_picture": {"type": "boolean"},
            "can": {"type": "array", "items": {"type": "string"}},
        },
    }


def _schema(field: dict[str, Any]) -> dict[str, Any]:
    """A field of the form as a JSON schema."""
    kinds = {"flag": "boolean", "whole": "integer", "number": "number"}
    told: dict[str, Any] = {"type": kinds.get(field["kind"], "string")}
    told |= {"description": field["about"], "default": field["default"]}
    if field["names"]:
        told["enum"] = field["names"]
    for ours, theirs in (("low", "minimum"), ("high", "maximum")):
        if field[ours] is not None:
            told[theirs] = field[ours]
    return told

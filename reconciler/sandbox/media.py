"""Media types: which one an answer has, chosen from what the request accepts."""

from collections.abc import Iterable
from typing import Literal

from .refusal import Refusal

Media = Literal["json", "object", "csv", "geo", "openapi", "bytes", "text", "xml"]
Purpose = Literal["read", "write", "describe", "options"]

_TYPES: dict[str, Media] = {
    "application/json": "json",
    "application/geo+json": "geo",
    "text/csv": "csv",
    "text/plain": "text",
    "text/xml": "xml",
    "application/openapi+json": "openapi",
    "application/vnd.pgrst.object+json": "object",
    "application/vnd.pgrst.object": "object",
    "application/octet-stream": "bytes",
}
_NAMES: dict[Media, str] = {
    "json": "application/json; charset=utf-8",
    "geo": "application/geo+json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "text": "text/plain; charset=utf-8",
    "xml": "text/xml; charset=utf-8",
    "openapi": "application/openapi+json; charset=utf-8",
    "object": "application/vnd.pgrst.object+json; charset=utf-8",
    "bytes": "application/octet-stream",
}
_OFFERED: dict[Purpose, tuple[Media, ...]] = {
    "read": ("json", "object", "geo", "csv", "bytes", "text", "xml"),
    "write": ("json", "object", "geo", "csv"),
    "describe": ("openapi", "json"),
    "options": ("csv",),  # so it is in 11.1: OPTIONS takes CSV, or anything
}


def content_type(media: Media) -> str:
    """Write the value of Content-Type."""
    return _NAMES[media]


def mime(text: str) -> str:
    """Take the bare type of a Content-Type; empty is JSON."""
    name = text.partition(";")[0].strip() or "application/json"
    return "application/vnd.pgrst.object+json" if _TYPES.get(name) == "object" else name


def negotiated(accept: str, purpose: Purpose) -> Media:
    """Choose what the request likes best of what is offered; raise a Refusal with PGRST107."""
    wanted = _by_preference(accept.split(",")) if accept else ["*/*"]
    offered = _OFFERED[purpose]
    for name in wanted:
        found = _TYPES.get(name)
        if found in offered:
            return found
    if "*/*" in wanted:
        return offered[0]
    names = ", ".join(mime(name) for name in wanted)
    raise Refusal(415, "PGRST107", f"None of these media types are available: {names}")


def _by_preference(accepted: Iterable[str]) -> list[str]:
    ranked = []
    for one in accepted:
        name, *parameters = (part.strip() for part in one.split(";"))
        quality = next((_number(p[2:]) for p in parameters if p.startswith("q=")), 1.0)
        precision = 2 - name.count("*")
        ranked.append((-quality, -precision, name))
    return [name for _, _, name in sorted(ranked, key=lambda rank: rank[:2])]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 1.0

"""Media types: which one an answer has, chosen from what the request accepts."""

import re
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
_PLAN_OPTIONS = ("analyze", "verbose", "settings", "buffers", "wal")


def content_type(media: Media) -> str:
    """Write the value of Content-Type."""
    return _NAMES[media]


def mime(text: str) -> str:
    """Take the bare type of a Content-Type; empty is JSON."""
    name = text.partition(";")[0].strip() or "application/json"
    return "application/vnd.pgrst.object+json" if _TYPES.get(name) == "object" else name


def negotiated(accept: str | None, purpose: Purpose) -> Media:
    """Choose what the request likes best of what is offered; raise a Refusal with PGRST107."""
    wanted = ["*/*"] if accept is None else _by_preference(accept)
    names = [name.partition(";")[0] for name in wanted]
    offered = _OFFERED[purpose]
    for name in names:
        found = _TYPES.get(name)
        if found in offered:
            return found
    if "*/*" in names:
        return offered[0]
    shown = ", ".join(map(_shown, wanted))
    raise Refusal(415, "PGRST107", f"None of these media types are available: {shown}")


def _by_preference(accept: str) -> list[str]:
    """Sort by quality, then by how precise each is: parameters count for it, stars against."""
    ranked = []
    for one in accept.replace(" ", "").split(",") if accept else ():
        name, _, rest = one.partition(";q=")
        quality = re.match(r"\d+(\.\d+)?", rest)
        precision = name.count(";") - name.count("*")
        ranked.append((-float(quality[0]) if quality else -1.0, -precision, name or "*/*"))
    return [name for _, _, name in sorted(ranked, key=lambda rank: rank[:2])]


def _shown(wanted: str) -> str:
    """Name a type; a plan, which is not offered, with what was asked of it."""
    name, *parameters = wanted.split(";")
    if not name.startswith("application/vnd.pgrst.plan"):
        return mime(name)
    given = dict(one.split("=", 1) for one in parameters if "=" in one)
    options = [one for one in _PLAN_OPTIONS if one in given.get("options", "").split("|")]
    plan = name if "+" in name else f"{name}+text"
    plan += f'; for="{mime(given["for"].strip(chr(34)))}"' if "for" in given else ""
    return plan + (f"; options={'|'.join(options)}" if options else "")

"""What holds for every page: it is one file, and reaches nothing outside of it."""

import re
from base64 import b64encode
from hashlib import sha256


def check_reaches_nothing(page: str) -> None:
    """Hold that a page names no other file, and that its policy lets in just what stands in it."""
    assert not re.search(r"\b(src|href)=\"(?!#)", page)
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy.startswith("default-src 'none'; ")
    for tag in ("script", "style"):
        allowed = set(re.findall(rf"{tag}-src ([^;]+);", policy)[0].split())
        assert allowed == {
            f"'sha256-{b64encode(sha256(inside.encode()).digest()).decode()}'"
            for inside in re.findall(rf"(?s)<{tag}>(.*?)</{tag}>", page)
        }
    markup = re.sub(r"(?s)<(script|style).*?</\1>", "", page)
    assert not re.search(r"<[^>]*\s(on\w+|style)=", markup)
    assert "{{" not in page

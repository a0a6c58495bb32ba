"""docs/errors.md: the catalogue of codes as Markdown."""

from collections.abc import Iterator

from reconciler.diagnostics.explanations import Area, Explanation, areas

HEAD = """\
# Errors and exit codes

<!-- Written by `make docs` from reconciler/diagnostics/codes.toml: change that, not this. -->

Every problem has a code that stays the same in later versions. It stands in brackets behind the
message, and as `code` in documents for programs. `reconciler explain CODE` prints what is written
here. A problem is an error and stops the run, where nothing else is said.
"""


def errors_page() -> str:
    """Write the whole page."""
    contents = "".join(f"- [{area.title}](#{_anchor(area.title)})\n" for area in areas())
    return "\n".join([HEAD, contents, *map(_area, areas())])


def _anchor(title: str) -> str:
    kept = (sign for sign in title.lower() if sign.isalnum() or sign in " -")
    return "".join(kept).replace(" ", "-")


def _area(area: Area) -> str:
    intro = f"{area.intro}\n\n" if area.intro else ""
    return f"## {area.title}\n\n{intro}" + "\n".join("\n".join(_code(c)) + "\n" for c in area.codes)


def _code(one: Explanation) -> Iterator[str]:
    yield f"### {one.code}"
    severity = {"warning": " (A warning.)", "error or warning": " (An error or a warning.)"}
    yield f"\n{one.cause}{severity.get(one.severity, '')}"
    yield f"\n**What to do:** {one.cure}"
    if one.wrong and one.right:
        yield f"\nWrong:\n\n```yaml\n{one.wrong}```"
        yield f"\nRight:\n\n```yaml\n{one.right}```"

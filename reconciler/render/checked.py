"""What checking a configuration found, in one of the formats; each is loaded when it is wanted."""

from collections import Counter
from collections.abc import Mapping, Sequence

from ..catalogue import Kind
from ..configuration.load import Loaded
from ..configuration.resource import Configuration
from ..diagnostics import Problem
from ..diagnostics.words import count
from .out import hand_over, say, show


def show_problems(
    problems: Sequence[Problem],
    loaded: Loaded | None = None,
    kinds: Mapping[str, Kind] | None = None,
    *,
    err: bool = False,
) -> None:
    """Show people each problem, with its line where the files are known."""
    from ..configuration.validate.excerpt import Excerpts  # most configurations are right
    from .problems import problems_text

    if loaded is None or kinds is None:
        show(problems_text(problems), err=err)
    else:
        show(problems_text(problems, Excerpts(loaded, kinds).of), err=err)


def show_checked(
    configuration: Configuration | None,
    problems: Sequence[Problem],
    form: str,
    loaded: Loaded | None = None,
    kinds: Mapping[str, Kind] | None = None,
) -> None:
    """Show what is wrong, and whether the configuration is valid: there is none where it is not."""
    if form == "json":
        from .problems import problems_json

        hand_over(problems_json(problems))
        return
    if form == "github":
        from .github import below_workspace, problems_github

        hand_over(problems_github(problems, below=below_workspace()))
    elif problems:
        show_problems(problems, loaded, kinds)
    say(_verdict(configuration, problems))


def _verdict(configuration: Configuration | None, problems: Sequence[Problem]) -> str:
    errors = sum(problem.stands_for for problem in problems if problem.is_error)
    warnings = sum(problem.stands_for for problem in problems) - errors
    besides = f", {count(warnings, 'warning')}" if warnings else ""
    if configuration is None:
        return f"Not valid: {count(errors, 'error')}{besides}."
    kinds = Counter(address.kind for address in configuration.resources)
    resources = count(kinds.total(), "resource")
    return f"Valid: {resources} in {count(len(kinds), 'kind')}{besides}."

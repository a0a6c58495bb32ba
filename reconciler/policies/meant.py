"""Names in an expression that there are not: the engine would compile them."""

from collections.abc import Iterable, Mapping

from ..catalogue import Kind
from ..configuration.load.problems import ProblemReport
from ..configuration.validate.suggest import Suggester
from ..diagnostics import Code, Position, Problem
from ..plan.change import Action
from .policy import NAMES, Policy
from .seen import never_seen
from .words import FUNCTIONS, METHODS, Words

_SIDES = frozenset({"before", "after"})


def report_names(
    policy: Policy, kinds: Mapping[str, Kind], suggest: Suggester, report: ProblemReport
) -> None:
    """Report what an expression names and there is not, each once."""
    names = _Names(policy, kinds, suggest, report)
    names.check_given()
    names.check_functions()
    names.check_fields()
    names.check_compared()


def names_personal(words: Words, kinds: Mapping[str, Kind]) -> bool:
    """Tell whether an expression names a column that is private in each kind that has it."""
    named = {token.plain or token.text for token in words.tokens if token.sort in {"name", "text"}}
    columns = {name for kind in kinds.values() for name in kind.columns} & named
    return any(never_seen(name, kinds, trusted=False) for name in columns)


class _Names:
    def __init__(
        self,
        policy: Policy,
        kinds: Mapping[str, Kind],
        suggest: Suggester,
        report: ProblemReport,
    ) -> None:
        self._policy = policy
        self._kinds = kinds
        self._suggest = suggest
        self._report = report
        self._columns = {name for kind in kinds.values() for name in kind.columns}
        self._told: set[str] = set()

    def check_given(self) -> None:
        """Look at the names that must be given."""
        about = self._policy.about
        for token in self._policy.words.names:
            if token.text not in NAMES[about]:
                what = f"no {token.text!r} is given to a policy about a {about}"
                self._unknown(what, token.text, NAMES[about])

    def check_functions(self) -> None:
        """Look at the functions that are called."""
        for token, on_something in self._policy.words.calls:
            known = METHODS if on_something else FUNCTIONS
            if token.text not in known:
                dot = "." if on_something else ""
                self._unknown(f"there is no function {dot}{token.text}()", token.text, known)

    def check_fields(self) -> None:
        """Look at columns, kinds and actions that are selected."""
        kinds, actions = set(self._kinds), {action.value for action in Action}
        for owner, name, _ in self._policy.words.selected:
            if owner in _SIDES and name not in self._columns:
                self._unknown(f"no kind has a column {name!r}", name, self._columns)
            elif owner in _SIDES and never_seen(name, self._kinds, trusted=self._policy.trusted):
                self._warn_of_unseen(name)
            elif owner == "related" and name not in kinds:
                self._unknown(f"there is no kind {name!r}", name, kinds)
            elif owner == "counts" and name not in kinds | actions:
                self._unknown(f"nothing is counted as {name!r}", name, kinds | actions)

    def check_compared(self) -> None:
        """Look at the kinds and actions that something is compared with."""
        known = {"kind": set(self._kinds), "action": {action.value for action in Action}}
        for name, token in self._policy.words.compared:
            text = token.plain or ""
            if name in known and text not in known[name]:
                self._unknown(f"there is no {name} {text!r}", text, known[name])

    def _unknown(self, what: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        few = f"there are {', '.join(names)}" if len(names) < 30 else None
        code: Code = "unknown-name"
        self._add(Problem(code, what, self._place, hint=self._suggest.hint(name, names, few)))

    def _warn_of_unseen(self, name: str) -> None:
        code: Code = "unseen-column"
        message = f"no policy sees {name}: has() of it is always false"
        hint = "it is secret"
        if not never_seen(name, self._kinds, trusted=True):
            message = f"no policy of the repository sees {name}: has() of it is always false"
            hint = "it is personal; give the policy by --policies, from a place of its own"
        self._add(Problem(code, message, self._place, hint=hint, severity="warning"))

    def _add(self, problem: Problem) -> None:
        if problem.message not in self._told:
            self._told.add(problem.message)
            self._report.extend([problem])

    @property
    def _place(self) -> Position:
        return self._policy.position

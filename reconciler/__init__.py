"""Keep a Bookingmood organization as YAML in git: validate, plan, apply.

The public names are listed in ``__init__.pyi``; each is imported when it is first used. The page
``docs/python.md`` shows them at work.
"""

__version__ = "0.2.0"
DISTRIBUTION = "bookingmood-reconciler"
"""What installers call it: on PyPI, ``reconciler`` is another project."""

_ERRORS = (
    "ApiError AuthorizationError ConfigurationError ConsentError PlanError Position Problem"
    " ProblemsError ReconcilerError StaleError UnreachableError UsageError"
)
_WHERE = {
    "apply": "api.runs",
    "apply_async": "api.runs",
    "approve": "api.runs",
    "export": "api.exports",
    "export_async": "api.exports",
    "forget": "api.moves",
    "import_row": "api.imports",
    "import_row_async": "api.imports",
    "load_configuration": "api.configurations",
    "make_plan": "api.plans",
    "make_plan_async": "api.plans",
    "migrate": "api.migrations",
    "migrate_async": "api.migrations",
    "move": "api.moves",
    "plan_undo": "api.plans",
    "plan_undo_async": "api.plans",
    "pull": "api.pulls",
    "pull_async": "api.pulls",
    "rename": "api.moves",
    "Adopted": "sync.adopt",
    "Moved": "api.moves",
    **dict.fromkeys(_ERRORS.split(), "diagnostics"),
    "Action": "plan.change",
    "ApprovedPlan": "planning.approval",
    "Change": "plan.change",
    "Configuration": "configuration.resource",
    "Connection": "client.connection",
    "Difference": "plan.change",
    "Exported": "exporting.export",
    "Migrated": "migration.run",
    "Outcome": "execution.outcome",
    "Plan": "plan.model",
    "Planned": "planning.planned",
    "Pulled": "pulling.pull",
    "Report": "execution.engine",
    "State": "execution.outcome",
    "Updated": "sync.update",
    "Wishes": "migration.task",
    "document_of": "plan.document",
    "read_plan": "plan.saved",
    "write_plan": "plan.saved",
}
__all__ = ["__version__", *sorted(_WHERE)]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used (PEP 562)."""
    where = _WHERE.get(name)
    if where is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(f"{__name__}.{where}"), name)
    return value


def __dir__() -> list[str]:
    """List the public names, too."""
    return sorted({*globals(), *_WHERE})

"""The public names; see ``__init__.py``."""

from .api.configurations import load_configuration as load_configuration
from .api.exports import export as export
from .api.exports import export_async as export_async
from .api.imports import import_row as import_row
from .api.imports import import_row_async as import_row_async
from .api.migrations import migrate as migrate
from .api.migrations import migrate_async as migrate_async
from .api.moves import Moved as Moved
from .api.moves import forget as forget
from .api.moves import move as move
from .api.moves import rename as rename
from .api.plans import make_plan as make_plan
from .api.plans import make_plan_async as make_plan_async
from .api.plans import plan_undo as plan_undo
from .api.plans import plan_undo_async as plan_undo_async
from .api.pulls import pull as pull
from .api.pulls import pull_async as pull_async
from .api.runs import apply as apply
from .api.runs import apply_async as apply_async
from .api.runs import approve as approve
from .client.connection import Connection as Connection
from .configuration.resource import Configuration as Configuration
from .diagnostics import ApiError as ApiError
from .diagnostics import AuthorizationError as AuthorizationError
from .diagnostics import ConfigurationError as ConfigurationError
from .diagnostics import ConsentError as ConsentError
from .diagnostics import PlanError as PlanError
from .diagnostics import Position as Position
from .diagnostics import Problem as Problem
from .diagnostics import ProblemsError as ProblemsError
from .diagnostics import ReconcilerError as ReconcilerError
from .diagnostics import StaleError as StaleError
from .diagnostics import UnreachableError as UnreachableError
from .diagnostics import UsageError as UsageError
from .execution.engine import Report as Report
from .execution.outcome import Outcome as Outcome
from .execution.outcome import State as State
from .exporting.export import Exported as Exported
from .migration.run import Migrated as Migrated
from .migration.task import Wishes as Wishes
from .plan.change import Action as Action
from .plan.change import Change as Change
from .plan.change import Difference as Difference
from .plan.document import document_of as document_of
from .plan.model import Plan as Plan
from .plan.saved import read_plan as read_plan
from .plan.saved import write_plan as write_plan
from .planning.approval import ApprovedPlan as ApprovedPlan
from .planning.planned import Planned as Planned
from .pulling.pull import Pulled as Pulled
from .sync.adopt import Adopted as Adopted
from .sync.update import Updated as Updated

__version__: str
DISTRIBUTION: str
__all__: list[str]

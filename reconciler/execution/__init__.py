"""Execute a plan: few requests, each row locked at what the plan saw.

Nothing here compares or decides; it takes the plan as it is and says truthfully what became of
each change.
"""

from .engine import Report, apply
from .outcome import Outcome, State
from .watch import StoredOtherwise

__all__ = ["Outcome", "Report", "State", "StoredOtherwise", "apply"]

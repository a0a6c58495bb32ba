"""Run something while its parts are traced; whatever becomes of the traces, the run is the same."""

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from types import FrameType
from typing import TYPE_CHECKING

from ..diagnostics.installing import how_to_install
from ..spans import Span, heard_by, span
from .settings import UnsupportedError, asks_for_traces

if TYPE_CHECKING:  # only who traces waits for the libraries
    from .traces import Traces

Tell = Callable[[str], None]
CONTEXT = ("traceparent", "tracestate")
"""What W3C calls the parts of a context; variables of the environment are called so in capitals."""
_BELOW: ContextVar[Mapping[str, str] | None] = ContextVar("below_the_run", default=None)


@contextmanager
def traced(name: str, environment: Mapping[str, str], tell: Tell) -> Iterator[Span]:
    """Trace what the block does, if the environment asks for it; ``tell`` hears what hinders it."""
    run = Span(name)
    with ExitStack() as stack:
        above = {name: environment.get(name.upper(), "") for name in CONTEXT}
        if traces := traces_below(above, environment, tell):
            stack.callback(traces.close, tell)
            stack.enter_context(_closed_on_sigterm(lambda: traces.close(tell)))
            stack.enter_context(heard_by(traces))
            stack.enter_context(span(run))
            stack.callback(_BELOW.reset, _BELOW.set(traces.context_of(run)))
        yield run


def below_the_run() -> dict[str, str]:
    """Say for other processes what is below the span of this run; nothing where none is traced."""
    return dict(_BELOW.get() or {})


def traces_below(
    above: Mapping[str, str], environment: Mapping[str, str], tell: Tell
) -> "Traces | None":
    """Begin traces, if the environment asks for them; ``tell`` hears what hinders it."""
    try:
        if not asks_for_traces(environment):
            return None
        from .traces import Traces

        return Traces(above)
    except UnsupportedError as error:
        tell(f"warning: no traces: {error}")
    except ImportError:
        tell(f"warning: no traces: OTEL_… asks for them; {how_to_install('telemetry')}")
    except Exception as error:  # whatever a setting does to the library, the run goes on
        tell(f"warning: no traces: a setting OTEL_… is wrong ({type(error).__name__})")
    return None


@contextmanager
def _closed_on_sigterm(close: Callable[[], None]) -> Iterator[None]:
    """Send what is known before a SIGTERM ends the process, as it would without us.

    A run that writes listens for the signal itself, and ends in order.
    """

    def ended(number: int, frame: FrameType | None) -> None:
        close()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, ended)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGTERM) is ended:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)

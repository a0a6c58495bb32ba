"""Whether a refused request is worth sending again: less at a time, or once more as it is."""

from ..client.retries import nap
from ..diagnostics import ApiError

MOST_SPLITS = 100
"""Extra requests that the bad rows of one batch may cost before the rest is left."""
MOST_TRIES = 5
"""How often one batch is sent while nobody knows what becomes of it."""

TOO_LARGE = frozenset({413, 414, 431})
ROLLED_BACK = frozenset({"40001", "40P01"})
"""Two transactions were in each other's way, and the server took this one back."""
SHORT_WAIT = 0.05
LONGER_WAIT = 0.1


class Budget:
    """What one batch may still cost: splits to find bad rows, tries after lost answers."""

    def __init__(self) -> None:
        self._splits = MOST_SPLITS
        self._tries = 1

    def split(self) -> bool:
        """Take one split from the budget; false where it is used up."""
        self._splits -= 1
        return self._splits >= 0

    async def another_try(self, shortest: float = SHORT_WAIT) -> bool:
        """Wait a little, longer each time; false where it was tried often enough."""
        if self._tries == MOST_TRIES:
            return False
        self._tries += 1
        await nap(self._tries, shortest)
        return True

    async def another_try_after_loss(self) -> bool:
        """Wait longer: all tries together outlast a server that starts anew."""
        return await self.another_try(LONGER_WAIT)


def is_about_rows(error: ApiError) -> bool:
    """Tell whether the server refused what a row says, rather than the whole request."""
    code = error.code or ""
    return code.startswith(("22", "23")) or code == "P0001"


def is_about_size(error: ApiError) -> bool:
    """Tell whether the request was too large: by its status, or a 400 that is no API's answer."""
    return error.status in TOO_LARGE or (error.status == 400 and error.code is None)

"""After any edit an editor is told what ``validate`` tells: a few stories of many.

``python -m tests.language_edits`` plays thousands of edits.
"""

import pytest

from .language_edits import play


@pytest.mark.parametrize("seed", range(4))
def test_an_editor_is_told_what_validate_tells(seed: int) -> None:
    play(seed, 25)

"""After any edit an editor is told what ``validate`` tells: a few stories of many.

``python -m tests.language_edits`` plays thousands of edits.
"""

from random import Random

from hypothesis import given, settings

from .language_edits import DICE, play
from .properties import examples


@settings(max_examples=examples(4))
@given(DICE)
def test_an_editor_is_told_what_validate_tells(dice: Random) -> None:
    play(dice, 20)

"""What a process remembers of a folder that it checks again and again stays small."""

from pathlib import Path

import pytest

from reconciler.catalogue import load_kinds
from reconciler.configuration.load import load
from reconciler.configuration.validate import Memory, examine

TEXT = """\
reconciler: {{stack: typing-7f3a}}
defaults: {{contacts: {{country_code: NL}}}}
contacts: {{{key}: {{first_name: Jane, email: jane@example.com}}}}
"""


def test_keys_that_were_typed_and_changed_are_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reconciler.configuration.validate.memory.SPARE", 5)
    kinds, memory, file = load_kinds(), Memory(), tmp_path / "a.yaml"
    for number in range(30):
        data = TEXT.format(key=f"jane{'e' * number}").encode()
        loaded = load((tmp_path,), variables={}, environment={}, instead={file: data})
        kept = examine(loaded, kinds, unset_is_error=False, memory=memory)
        alone = examine(loaded, kinds, unset_is_error=False)
        assert (kept.configuration, kept.problems) == (alone.configuration, alone.problems)
        assert kept.configuration
        assert len(memory.rights) <= 5 + 2
        assert len(memory.overs) <= 5 + 2

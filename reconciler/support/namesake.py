"""Another project on PyPI is called ``reconciler``, and so is its package.

Installers put both into one folder without a word. Then our ``__init__.py`` is theirs, or it is
gone once the other was uninstalled. So this loads nothing: nothing else is sure to be there.
"""

import sys
from pathlib import Path

_DISTRIBUTION = "bookingmood-reconciler"
_FOLDER = Path(__file__).parent.parent
_REST = f"""
  On PyPI, `reconciler` is another project with a package of the same name. An environment can
  hold one of the two.
  hint: give this command an environment of its own: pipx install {_DISTRIBUTION}
        or repair this one: pip uninstall -y reconciler
        and then: pip install --force-reinstall --no-deps {_DISTRIBUTION}"""


def broken() -> str:
    """Say that this command cannot run, since files of its package are another project's."""
    if getattr(sys.modules["reconciler"], "__file__", None):
        return f"error: files of another project are in the place of ours: {_FOLDER}{_REST}"
    return (
        f"error: files of this command are missing: {_FOLDER}"
        f"\n  Most likely they were uninstalled together with another project.{_REST}"
    )


def shared() -> str:
    """Say that this command runs, but only until the other project is changed."""
    return f"warning: files of another project are in the folder of ours: {_FOLDER}{_REST}\n"

"""Write the pages of docs/ that are generated: ``python -m tests.docs``."""

from ..sandbox_server import ROOT
from . import PAGES

for name, page in PAGES.items():
    (ROOT / "docs" / name).write_text(page(), "utf-8")

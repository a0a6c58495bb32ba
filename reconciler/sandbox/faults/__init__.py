"""Misbehaviour on demand: what a network, a gateway or another user can do to a request.

A SPEC is a list of words with commas between. At least one effect:

- ``latency=20ms``: answer that much later (``20ms``, ``1.5s``)
- ``status=503``: refuse with this status and do nothing; with ``retry-after=1`` say when to
  come back; with ``after-commit`` do the work first, and then refuse all the same
- ``reset-before``: reset the connection before the request is read
- ``reset-after-commit``: do the work, then reset the connection instead of answering
- ``cut``: end the connection in the middle of the body
- ``html``: do the work, but answer 200 with a page of HTML
- ``bad-json``: leave out the end of the body, in an answer that is complete otherwise
- ``drip=2s``: send the body in small pieces over that time
- ``short-list`` or ``short-list=10``: leave out the second half of a list (all but 10 rows) and
  say nothing of it
- ``edit`` or ``edit=3``: somebody else changes the first row (3 rows) that the request means:
  after a read, before a write. ``column=email`` says which column, of any type; else the
  first text that people may write, and without one only ``updated_at`` moves

and which requests it befalls, all of them if nothing is said:

- ``method=PATCH``, ``path=/contacts``: only these; several with a bar between, ``PATCH|DELETE``
- ``nth=7``: only the seventh of these; ``first=2``: the first two; ``every=3``: each third
- ``rate=0.3``: of these three in ten, by chance; the same ones at each run unless ``seed=1``
  differs
"""

from .board import Board
from .spec import Fault

__all__ = ["Board", "Fault"]

"""``reconciler lsp``: what editors ask, answered from the files and from what is not saved yet.

``session`` keeps what is open; ``analysis`` is what one folder says; ``features`` are functions.
"""

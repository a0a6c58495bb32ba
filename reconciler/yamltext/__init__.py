"""The text of YAML, understood once.

scanner   PyYAML's events, as YAML 1.2 has them
read      events -> tree: the nodes of a text with their spans; what stopped the reading
simple    text -> the blocks of plain lines that most files consist of, without the parser
comments  what stands between them
spots     entries and items by name and by place; lines: offsets as lines and columns
edits     parts of a text replaced by their spans, all else left as it is
emit      values as text; quotes: which need quotes; block: the lines of ``|`` and ``>``

The loader makes values of the tree: it resolves aliases and merges. The formatter moves its units,
and an export edits it; both need what the loader resolves away, so the tree keeps it.
"""

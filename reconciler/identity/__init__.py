"""Which live row is meant by each resource, and which live rows are nobody's any more.

No state file: binding → computed id (``$renamed_from`` first) → natural key, first hit wins.
Natural keys may need rows that have not been read; then the answer holds questions, and the
caller asks them and comes again: :mod:`.asking` does so.
"""

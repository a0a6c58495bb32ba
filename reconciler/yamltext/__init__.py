"""The text of YAML: events, a tree that knows what stands where, edits, emitting and quoting."""

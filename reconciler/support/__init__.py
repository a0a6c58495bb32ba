"""What surrounds every command: signals, diagnosis, the report of a bug, the Tab key."""

"""What each day costs and whether it is taken, worked out from rows: only ranges, never days."""

"""Read the live organization: rows that are ours, rows that are asked for, and who references."""

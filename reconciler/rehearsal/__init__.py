"""Execute a plan where it cannot hurt: on a copy of the rows that it is about."""

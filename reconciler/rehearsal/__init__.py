"""Carry a plan out where it cannot hurt: on a copy of the rows that it is about."""

"""Addresses that change: renamed, moved to another folder, or let go; the live rows stay."""

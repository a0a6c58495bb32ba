"""Values: what columns hold, in canonical form, and as JSON text."""

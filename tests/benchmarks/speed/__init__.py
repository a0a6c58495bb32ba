"""How fast the commands are: against an old version, a floor, and the goals."""

"""An edited folder brought in line with what is live: only what changed there is changed here."""

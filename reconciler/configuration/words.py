"""The ``$`` words that are said about a resource, wherever it is written."""

IGNORE, ABSENT, RENAMED_FROM = "$ignore", "$absent", "$renamed_from"

"""The words that templates and defaults are written with."""

TEMPLATES, DEFAULTS = "templates", "defaults"
PARAMETERS, DESCRIPTION = "parameters", "description"
KEY = "key"
"""The parameter that every template has: the key of the instance."""
WITH, WHEN, OMIT = "$with", "$when", "$omit"
DEEPEST = 8
"""How deep templates may use templates."""
MOST_TEMPLATES, MOST_PARAMETERS, MOST_CHOICES = 1000, 200, 200
"""Of templates in all, of parameters of one, and of values that one of them takes."""

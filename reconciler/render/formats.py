"""The names of the formats of a plan; apart from the views, for every command's help names them."""

FORMATS = ("text", "json", "markdown", "html", "github")

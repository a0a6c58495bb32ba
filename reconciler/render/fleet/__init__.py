"""Views of what became of many organizations: alike ones together."""

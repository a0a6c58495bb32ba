"""Keep a Bookingmood organization as YAML in git: validate, plan, apply."""

__version__ = "0.1.0"

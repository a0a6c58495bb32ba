"""Kinds and columns that schema files of a user add, or that stand in place of the shipped ones.

``files`` reads them with places, ``words`` says what they may hold, ``merge`` lays them over what
is shipped, ``names`` looks up what they name, ``grow`` does it all.
"""

from .grow import grown

__all__ = ["grown"]

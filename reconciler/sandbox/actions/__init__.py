"""The endpoints that are more than rows, each one function in one table.

Products and members are made and removed by actions; ``availability``, ``search`` and ``book``
are the booking flow. The four names of 2024 (``create-product`` …) still lead to the first.
"""

from .table import ACTION_PATHS, respond_specially, special_action

__all__ = ["ACTION_PATHS", "respond_specially", "special_action"]

"""The functions that Python programs call: the stages of the command line, one file a stage.

Each that asks the API has a twin whose name ends in ``_async``, for programs that have an event
loop. Everything that can go wrong is a
:class:`~reconciler.diagnostics.ReconcilerError`.
"""

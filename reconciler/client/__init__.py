"""The only place that knows HTTP: typed reads and writes of rows.

A PATCH or DELETE cannot be sent without naming its rows: the functions have no way to say it.
"""

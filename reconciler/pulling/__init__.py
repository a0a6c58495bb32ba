"""What changed live comes into the files: a comparison of three sides, and edits in place.

The base is the commit that was applied → what the files say now → what is live. See :mod:`.sides`.
"""

"""The one way in which a text can fail to be a value."""


class UnreadableError(ValueError):
    """A text is not what a type takes: says what it takes, and why this one fails if that is known.

    Neither part holds the text itself, since it may be private.
    """

    def __init__(self, expects: str, reason: str | None = None, *, hint: str | None = None) -> None:
        super().__init__(expects)
        self.expects = expects
        self.reason = reason
        self.hint = hint

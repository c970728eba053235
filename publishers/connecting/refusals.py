"""Why an account could not be connected."""


class NotConnected(Exception):
    """Nothing was stored. The text is for the person who tried: what happened, and what to do.

    ``field`` is the field of the form it is about; empty: the whole of it. ``code`` is for the log.
    """

    def __init__(self, sentence: str, *, field: str = "", code: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.code = code

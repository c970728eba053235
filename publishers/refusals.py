"""What a person asked for and cannot have now."""


class Refused(Exception):
    """That cannot be done now; the text says why and what to do, for the person who asked."""

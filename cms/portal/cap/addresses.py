"""Addresses of the CAP messages; they are permanent."""

from typing import Final

FEED: Final = "/cap/canh-bao.atom.xml"


def message(code: str) -> str:
    """Path of the message that holds today for the warning ``code``."""
    return f"/cap/{code.lower()}.xml"

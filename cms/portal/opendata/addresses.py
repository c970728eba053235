"""Addresses of the open data; they are permanent."""

from typing import Final

PAGE: Final = "/du-lieu-mo/"
CSV: Final = "/du-lieu-mo/canh-bao.csv"
JSON: Final = "/du-lieu-mo/canh-bao.json"
WARNINGS: Final = "/api/v1/canh-bao.json"
CHANGES: Final = "/api/v1/thay-doi.json"
TYPES: Final = "/api/v1/hinh-thuc.json"
AUDIENCES: Final = "/api/v1/doi-tuong.json"
DESCRIPTION: Final = "/api/v1/openapi.json"


def warning(code: str) -> str:
    """Path of one warning."""
    return f"/api/v1/canh-bao/{code.lower()}.json"


def warning_page(number: int) -> str:
    """Path of page ``number`` (from 1) of all warnings."""
    return f"/api/v1/canh-bao/trang-{number}.json"


def changes_page(number: int) -> str:
    """Path of page ``number`` (from 1) of all changes."""
    return f"/api/v1/thay-doi/trang-{number}.json"

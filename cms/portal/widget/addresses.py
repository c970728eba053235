"""Addresses of the widget; they are permanent: other sites hold them."""

from typing import Final

WIDGET: Final = "/nhung/"
GUIDE: Final = "/du-lieu-mo/nhung/"

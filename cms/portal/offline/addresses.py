"""Addresses of the app."""

from typing import Final

from cms.portal import answering

WORKER: Final = answering.WORKER
MANIFEST: Final = "/app.webmanifest"
PAGE: Final = "/ngoai-tuyen/"
SAVED: Final = "/ngoai-tuyen/danh-sach.json"

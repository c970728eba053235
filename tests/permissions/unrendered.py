"""Pages that open are not drawn: who may open them is asked thousands of times; how they look is tested elsewhere.

KENG_WHOLE_MATRIX=1 tries every cell; KENG_WHOLE_MATRIX=drawn draws every page too.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.template.response import SimpleTemplateResponse

import pytest

_ASKED = os.environ.get("KENG_WHOLE_MATRIX", "")
WHOLE = _ASKED in ("1", "drawn")
_drawn = SimpleTemplateResponse.rendered_content


@pytest.fixture
def unrendered() -> Iterator[None]:
    """Leave the template of an answer with status 200 or 422 out; refusals are drawn as ever."""
    with _drawing(_drawn if _ASKED == "drawn" else property(_only_refusals)):
        yield


@contextmanager
def drawn() -> Iterator[None]:
    """Inside, every page is drawn."""
    with _drawing(_drawn):
        yield


def _drawing(how: property) -> mock._patch:
    return mock.patch.object(SimpleTemplateResponse, "rendered_content", how)


def _only_refusals(response: SimpleTemplateResponse) -> str:
    return "" if response.status_code in (200, 422) else _drawn.fget(response)

"""More results than fit on a page."""

from django.test import Client

import pytest

from tests.portal import factories

pytestmark = pytest.mark.django_db


def test_results_come_in_pages(client: Client) -> None:
    factories.many(14)
    first, second = client.get("/tim-kiem/?q=lua+dao").text, client.get("/tim-kiem/?q=lua+dao&trang=2").text
    assert "14 kết quả" in first
    assert first.count('class="result result--') == 12
    assert second.count('class="result result--') == 2
    assert "?q=lua%20dao&amp;trang=2" in first
    beyond = client.get("/tim-kiem/?q=lua+dao&trang=9")
    assert beyond.status_code == 200
    assert "Về các kết quả đầu tiên" in beyond.text

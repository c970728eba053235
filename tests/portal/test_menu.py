"""One list of links for header and footer."""

from collections.abc import Iterator

from django.test import Client

import pytest

from cms.portal import menu


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = list(menu._links)
    yield
    menu._links[:] = before


@pytest.mark.django_db
def test_a_part_adds_its_links_and_the_page_shows_where_one_is(client: Client) -> None:
    menu.register(
        menu.Link(menu.Place.MAIN, 15, "Nhật ký", "portal:corrections", "corrections"),
        menu.Link(menu.Place.LANGUAGE, 10, "English", "portal:rss", language="en"),
        menu.Link(menu.Place.MAIN, 16, "Không có", "khong-co-phan-nay:home"),
    )
    text = client.get("/dinh-chinh/").text
    navigation = text[text.index('id="trinh-don"') : text.index("</nav>")]
    assert '<a href="/dinh-chinh/" aria-current="page">Nhật ký</a>' in navigation
    assert navigation.index(">Cảnh báo<") < navigation.index("Nhật ký") < navigation.index(">Hình thức<")
    assert navigation.count("aria-current") == 1
    assert '<a href="/feeds/canh-bao.rss.xml" lang="en" hreflang="en">English</a>' in text
    assert "Không có" not in text


def test_a_group_without_links_has_no_heading() -> None:
    menu._links[:] = [link for link in menu._links if link.place is not menu.Place.FOLLOW]
    assert "Theo dõi" not in [str(group.heading) for group in menu.Menu(asks=False).footer()]
    assert all(group.links for group in menu.Menu(asks=False).footer())

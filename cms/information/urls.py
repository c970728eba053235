"""Addresses of standing content, Vietnamese and below /en/."""

from django.urls import path

from cms.information import views
from cms.information.kinds import DRAWN_BY_PORTAL, FOLDERS, LANGUAGES, SINGLE, item_path, list_path

app_name = "content"
urlpatterns = [
    path("van-ban/", views.laws, name="laws"),
    path("van-ban/tra-cuu/", views.law_filter, name="law_filter"),
    path("en/", views.english_home, name="english"),
]
for language in LANGUAGES:
    given = {"language": language}
    for kind in FOLDERS:
        where = list_path(kind, language).lstrip("/")
        urlpatterns += [
            path(where, views.item_list, {"kind": kind, **given}, name=f"{kind}_list_{language}"),
            path(
                f"{where}<ascii_slug:slug>/", views.item, {"kind": kind, **given}, name=f"{kind}_{language}"
            ),
        ]
    for kind, slug in SINGLE.items():
        if kind in DRAWN_BY_PORTAL:
            continue
        urlpatterns.append(
            path(
                item_path(kind, slug, language).lstrip("/"),
                views.item,
                {"kind": kind, "slug": slug, **given},
                name=f"{kind}_{language}",
            )
        )

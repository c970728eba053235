"""Addresses below /en/phan-anh/: the same views, which answer in the language of the address."""

from cms.tips import urls

app_name = "english_tips_public"
# A stamp has no language.
urlpatterns = [pattern for pattern in urls.urlpatterns if pattern.name != "stamp"]

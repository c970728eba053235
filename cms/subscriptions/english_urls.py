"""Addresses below /en/theo-doi/: the same views, which answer in the language of the address."""

from cms.subscriptions import urls

app_name = "english_subscriptions_public"
# A stamp has no language.
urlpatterns = [pattern for pattern in urls.urlpatterns if pattern.name != "stamp"]

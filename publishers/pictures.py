"""Which pictures of platforms a page of the admin may load."""

from urllib.parse import urlsplit

from django.conf import settings

from publishers.adapters import replies


def may_show(url: str) -> bool:
    """Only over https, or from an address that the settings name as a platform or as ourselves."""
    if not replies.address(url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    bases = (settings.FACEBOOK_GRAPH_URL, settings.ZALO_OPENAPI_URL, settings.PUBLIC_URL)
    own = {(base.scheme, base.netloc) for base in map(urlsplit, bases)}
    return parts.scheme == "https" or (parts.scheme, parts.netloc) in own

"""The web server: the product is loaded once, and the processes that answer are forked from it.

What they only read they then share: two of them need some 80 MB less (docs/decisions/0039-loaded-before-the-fork.md).
``python -m cms.web`` takes granian's command line.
"""

import gc
import multiprocessing
import os


def load() -> None:
    """Import and set up everything that requests need; no thread, no connection may be left open by it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connections
    from django.urls import get_resolver
    from django.utils import translation

    get_resolver().url_patterns  # noqa: B018  imports every view
    for language, _name in settings.LANGUAGES:
        # Reads its catalogs, once in a process.
        translation.activate(language)
    translation.deactivate()
    from cms.portal import finished  # noqa: F401

    connections.close_all()


def main() -> None:
    """Serve until told to stop."""
    if multiprocessing.get_start_method() == "fork":
        # Garbage collected while everything is loaded leaves holes in pages that are to be shared.
        gc.disable()
        load()
        gc.collect()
        # Never looked at again: the collector would write into every object, and so copy its page.
        gc.freeze()
        gc.enable()
    from granian.cli import entrypoint

    entrypoint()


if __name__ == "__main__":
    main()

"""The WSGI entry point: finished portal files first, Django behind them."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")
django_application = get_wsgi_application()

from cms.portal.finished import FinishedFiles  # noqa: E402  settings must be ready
from cms.portal.search import memory  # noqa: E402

memory.read_ahead()
application = FinishedFiles(django_application)

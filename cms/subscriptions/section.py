"""The finished file of this part: the empty form. The hourly renewal follows what can be chosen."""

from typing import Final

from cms.portal.sections import Standing

FORM: Final = "/theo-doi/"
PAGES: Final = Standing(FORM)

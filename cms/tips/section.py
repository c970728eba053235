"""The finished files of this part: the empty form, and the page that asks for a receipt code.

No publication changes them; the hourly renewal follows what is offered as scam types and units.
"""

from typing import Final

from cms.portal.sections import Standing

FORM: Final = "/phan-anh/"
FOLLOW_UP: Final = "/phan-anh/tra-cuu/"
PAGES: Final = Standing(FORM, FOLLOW_UP)

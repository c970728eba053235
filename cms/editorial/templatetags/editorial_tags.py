"""What the editorial templates need beyond Wagtail's tags."""

from django import template

from cms.editorial.anchors import anchor

register = template.Library()
register.filter("editor_anchor", anchor)

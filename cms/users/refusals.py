"""What cannot be done with people, roles and units, in a sentence for whoever tried."""

from django.core.exceptions import PermissionDenied


class Refused(PermissionDenied):
    """The message says why and what to do."""

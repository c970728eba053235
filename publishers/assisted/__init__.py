"""Channels only a person can post on: the operator's phone page, its signed links, reminders."""

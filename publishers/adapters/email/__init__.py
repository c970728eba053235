"""Sending to a list of e-mail addresses."""

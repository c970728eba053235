"""Sending into a Zalo group (GMF) as an Official Account."""

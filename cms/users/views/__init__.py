"""Screens that are no lists of a model: a person's roles, requests for roles, mergers."""

"""Runs a whole installation in one terminal: prepares it, starts its processes, watches over them.

Nothing here loads Django, except ``prepare``, which runs in a process of its own.
"""

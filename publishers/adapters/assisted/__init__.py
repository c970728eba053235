"""Channels without an interface for programs: a person posts, the system prepares."""

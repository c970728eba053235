"""The RSS and Atom feeds of this installation as a channel."""

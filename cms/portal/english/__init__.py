"""The warnings that have an English version, below /en/."""

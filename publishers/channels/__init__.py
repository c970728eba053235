"""The destinations: their form, and the check of their connection."""

"""The agency's own public portal."""

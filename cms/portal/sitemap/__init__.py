"""Addresses for search engines: an index, one file of pages, and files of a bounded number of warnings."""

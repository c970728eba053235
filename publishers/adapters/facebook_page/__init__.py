"""Posting on a Facebook page through the Graph API."""

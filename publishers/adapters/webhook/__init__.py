"""Handing warnings to a partner's system (docs/webhook.md)."""

"""The newest warnings in a frame on other sites (docs/decisions/0030-widget-in-a-frame.md)."""

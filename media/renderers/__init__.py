"""Pictures from plain specs. Nothing here knows a warning, a model or a request."""

"""Open data: every public warning as JSON and CSV, what changed, and a description for programs."""

"""Pure functions that find in a text what must not be published. None of them reads the database."""

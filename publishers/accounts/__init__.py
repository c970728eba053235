"""The accounts channels speak through: their secrets, and the form to enter them."""

"""The picture of a shared link whose page has none of its own: drawn from the agency's name, one for each language."""

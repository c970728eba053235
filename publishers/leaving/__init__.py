"""How the owner of an address leaves an e-mail list: by the link in each letter, without signing in."""

"""The inbox: what staff see of tips and do with them."""

"""The stages an item passes before it is signed, who may be in which, and what follows an urgent signature."""

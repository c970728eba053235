"""Where finished files go besides this machine's folder, and who is told that they changed."""

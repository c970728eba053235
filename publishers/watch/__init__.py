"""The watch: what looks after accounts, channels and deliveries by itself, and tells people."""

"""What platforms tell us by themselves: their webhooks, checked, kept once, and used as a hint only."""

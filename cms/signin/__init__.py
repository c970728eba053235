"""Who may enter: sign-in with two factors, throttling, sessions, passwords and invitations."""

"""The local stand-in for the Facebook Graph API and the Zalo OA API. Never part of a production site."""

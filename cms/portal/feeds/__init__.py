"""The newest warnings for those who follow them: RSS 2.0, Atom 1.0 and JSON Feed 1.1, of all and of each scam type."""

"""Who calls: proved by a token or a certificate, and checked against what a method asks."""

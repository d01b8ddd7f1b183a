"""What the books of a tenant come to: sums over entries, by account and by day."""

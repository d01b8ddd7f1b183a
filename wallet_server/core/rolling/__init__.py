"""Rolling requirements: what must be wagered before a bucket's money is free."""

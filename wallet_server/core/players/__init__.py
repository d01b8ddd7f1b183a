"""The player behind wallets: account status, limits, and what counts for them."""

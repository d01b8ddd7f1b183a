"""What a tenant's wallets are: topologies, policies and provider profiles, as data."""

"""Administration: acts of persons on versions, tenants and credentials, each one on record."""

"""A wallet server for real-money platforms: typed commands over gRPC on Postgres."""

"""The launcher of the embedded Postgres, tried on real processes and real directories."""

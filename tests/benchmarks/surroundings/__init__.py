"""What is measured, and what that needs: Postgres, databases, servers, yardsticks, processes."""

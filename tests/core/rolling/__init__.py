"""Rolling requirements."""

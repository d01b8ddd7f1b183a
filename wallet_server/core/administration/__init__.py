"""Administration: who changes what, what keeps them from it, and what is kept of it."""

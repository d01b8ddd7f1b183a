"""The bench itself: what it counts, compares and leaves behind."""

"""What one process hears of events, and how it hands them out to many."""

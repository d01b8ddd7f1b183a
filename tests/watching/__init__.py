"""The process that reads events for those who watch."""

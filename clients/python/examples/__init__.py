"""Examples that are run by tests: consumers of events. They are not part of the package."""

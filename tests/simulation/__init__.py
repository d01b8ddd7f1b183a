"""Random commands from a seed, and an auditor that knows only the answers and the rules."""

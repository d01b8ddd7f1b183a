"""Due work: does what time makes due, by ordinary commands. Start reading at sweeper.py."""

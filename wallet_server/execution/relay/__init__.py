"""The relay: publishes events to NATS JetStream, in order, by one process at a time."""

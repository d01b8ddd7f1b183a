"""Streams of events over gRPC, from real servers."""

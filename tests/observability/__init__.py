"""What those who run a server see of it: metrics, traces, logs, and what is made of them."""

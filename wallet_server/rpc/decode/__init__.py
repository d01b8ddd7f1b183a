"""Messages to values, one module a noun. Requests are valid by now, so nothing here can fail."""

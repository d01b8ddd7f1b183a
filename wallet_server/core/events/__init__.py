"""What commands have done, as those are told who live on it."""

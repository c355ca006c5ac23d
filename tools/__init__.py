"""What `make` runs: checks, campaigns, and bringing a browser."""

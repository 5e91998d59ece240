"""What times and compares; each prints a table and is run by one command."""

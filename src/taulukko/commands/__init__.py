"""The commands, one a file: each parses its arguments, calls, and prints; what it needs is imported when it runs."""

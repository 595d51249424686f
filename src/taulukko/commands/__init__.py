"""The commands, one a file: each parses its arguments, calls, and prints; what it needs is imported when it runs."""

COMMANDS = (
    *("build", "check", "new", "rollover", "explain"),
    *("collect", "fix", "diff", "status", "remind", "history", "undo-collect"),
    *("addin", "serve", "strip", "doctor"),
)
"""In the order of the help."""

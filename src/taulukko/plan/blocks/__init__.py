"""What stands on sheets as a whole: a file for each kind of block."""

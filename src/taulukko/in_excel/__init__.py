"""What works inside Excel: macros, an add-in and the code of xlwings Lite; and what they need there."""

"""A sheet of the workbook a file."""

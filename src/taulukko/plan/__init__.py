"""A report and its template laid out as a workbook: plain data, every formula with its value."""

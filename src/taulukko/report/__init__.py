"""The report as data: its inputs, field by field, and the parts of units made one."""

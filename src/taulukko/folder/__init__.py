"""The data folder: report.toml, one CSV a section, and the journal."""

"""The measures as functions for cells: declared, compiled from a template, computed, and offered to Excel."""

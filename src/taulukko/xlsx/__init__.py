"""The files of workbooks: written with XlsxWriter, and read within limits whoever saved them."""

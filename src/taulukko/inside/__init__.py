"""Where the buttons and functions of workbooks and add-ins made by version 0.1 look for them: now in `in_excel`."""

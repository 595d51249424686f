"""The buttons of workbooks made by version 0.1."""

from taulukko.in_excel.buttons import *  # noqa: F403

"""The functions of add-ins made by version 0.1."""

from taulukko.in_excel.functions.cells import *  # noqa: F403

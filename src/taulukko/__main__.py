"""`python -m taulukko` is the command `taulukko`."""

from taulukko.cli import main

main()

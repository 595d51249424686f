"""Templates: what a report consists of, declared in text files."""

from taulukko.template.load import find_template, load_template
from taulukko.template.schema import Template

__all__ = ["Template", "find_template", "load_template"]

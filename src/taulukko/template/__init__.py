"""Templates: what a report consists of, declared in text files."""

from taulukko.template.choice import Choice
from taulukko.template.files import find_template
from taulukko.template.load import load_template
from taulukko.template.schema import Template

__all__ = ["Choice", "Template", "find_template", "load_template"]

"""Reads a template, or what a report takes from one, and says everything that is wrong with it at once."""

from __future__ import annotations

from pathlib import Path

from taulukko.errors import FaultsError, Finding
from taulukko.template.choice import Choice, without_others
from taulukko.template.declarations import declared, words
from taulukko.template.files import Files, labels_file, read_files, read_toml
from taulukko.template.literals import literal_faults
from taulukko.template.needed import missing_parts
from taulukko.template.references import declaration_faults, wrong_expressions, wrong_references
from taulukko.template.schema import Template
from taulukko.template.words import expected_labels, label_faults, wrong_words


def load_template(source: Path | Choice, language: str) -> Template:
    """Read and check a template.

    Args:
        source: its folder, with template.toml, one file a section, labels.<language>.toml and theme.toml; or what a
            report takes from it.
        language: one of the languages the template has labels for.

    Raises:
        FaultsError: every fault of every file, each with file, table and key.
    """
    choice = source if isinstance(source, Choice) else Choice(source)
    faults: list[Finding] = []
    files = read_files(choice.folder, language, faults)
    if faults:
        raise FaultsError(*faults)
    template = template_of(files, language)
    left: tuple[Finding, ...] = ()
    if choice.sections or template.head.without:
        template, left = without_others(files, template, choice.sections)
    if choice.words:
        template = _with_words(template, choice.words / labels_file(language))
    return template.model_copy(update={"remarks": template.remarks + left})


def _with_words(template: Template, path: Path) -> Template:
    """Some labels in words of one's own; each is one that the template has."""
    faults: list[Finding] = []
    own = words(read_toml(path, faults)) if path.is_file() else {}
    unknown = [key for key in own if key not in template.labels]
    faults += [Finding("label_unknown", path.name, field=key, found=str(own[key])) for key in unknown]
    found = template.model_copy(update={"labels": template.labels | own})
    faults += wrong_words(found, own.keys() & template.labels.keys() & expected_labels(template))
    if faults:
        raise FaultsError(*faults)
    return found


def template_of(files: Files, language: str) -> Template:
    """What the files of a template declare.

    Raises:
        FaultsError: as `load_template`.
    """
    faults: list[Finding] = []
    template = declared(files, language, faults)
    if template is None:
        raise FaultsError(*faults)
    wrong, unused = label_faults(template)
    faults += wrong
    faults += missing_parts(template)
    faults += declaration_faults(template)
    faults += [wrong.fault for wrong in wrong_references(template)]
    if not faults:
        faults += [wrong.fault for wrong in wrong_expressions(template)]
    if not faults:
        faults += literal_faults(template)
    if faults:
        raise FaultsError(*faults)
    return template.model_copy(update={"remarks": tuple(unused)})


__all__ = ["load_template", "template_of"]

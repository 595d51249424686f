"""Reads the files of a template into what they declare and says everything that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from taulukko.errors import Fault, FaultsError
from taulukko.template.files import HEAD, THEME, Files, find_template, labels_file, read_files
from taulukko.template.references import declaration_faults, wrong_expressions, wrong_references
from taulukko.template.schema import AnySection, Column, Head, RecordsSection, StatementSection, Template, Theme
from taulukko.template.words import label_faults

NEEDED = ("cover", "checks", "controls", "parameters", "lists")
"""Sections that every workbook has, named by their kind."""

_SECTION: TypeAdapter[Any] = TypeAdapter(AnySection)


def load_template(folder: Path, language: str) -> Template:
    """Read and check a template.

    Args:
        folder: with template.toml, one file a section, labels.<language>.toml and theme.toml.
        language: one of the languages the template has labels for.

    Raises:
        FaultsError: every fault of every file, each with file, table and key.
    """
    faults: list[Fault] = []
    files = read_files(folder, language, faults)
    if faults:
        raise FaultsError(faults)
    return template_of(files, language)


def template_of(files: Files, language: str) -> Template:
    """What the files of a template declare.

    Raises:
        FaultsError: as `load_template`.
    """
    faults: list[Fault] = []
    template = declared(files, language, faults)
    if template is None:
        raise FaultsError(faults)
    faults += label_faults(template)
    faults += _needed_faults(template)
    faults += declaration_faults(template)
    faults += [wrong.fault for wrong in wrong_references(template)]
    if not faults:
        faults += [wrong.fault for wrong in wrong_expressions(template)]
    if faults:
        raise FaultsError(faults)
    return template


def declared(files: Files, language: str, faults: list[Fault]) -> Template | None:
    """The declarations of each file by its shape, whatever they name; nothing where a file has none."""
    head = _shaped(HEAD, files, Head, faults)
    if head and language not in head.languages:
        faults.append(Fault("language", HEAD, "languages", "lang", language, tuple(head.languages)))
    theme = _shaped(THEME, files, Theme, faults)
    sections = {key: _shaped(f"{key}.toml", files, _SECTION, faults) for key in head.sections} if head else {}
    if not faults and labels_file(language) not in files:
        faults.append(Fault("file_missing", labels_file(language)))
    if faults:
        return None
    return Template.model_construct(
        head=head,
        sections={key: _with_fault_columns(section) for key, section in sections.items()},
        theme=theme,
        labels=_flat(files[labels_file(language)]),
        language=language,
    )


def _shaped(name: str, files: Files, shape: Any, faults: list[Fault]) -> Any:
    if name not in files:
        faults.append(Fault("file_missing", name, field="sections" if shape is _SECTION else ""))
        return None
    try:
        return (
            shape.validate_python(files[name]) if isinstance(shape, TypeAdapter) else shape.model_validate(files[name])
        )
    except ValidationError as error:
        faults += [_fault(name, files[name], problem) for problem in error.errors()]
        return None


def _fault(file: str, content: Any, problem: Any) -> Fault:
    """One pydantic problem, placed at its table and key, with the allowed values."""
    location = [part for part in problem["loc"] if not (isinstance(part, str) and part == content.get("kind"))]
    place, found = "", content
    for part in location[:-1]:
        found = found[part] if isinstance(found, dict | list | tuple) and _has(found, part) else None
        name = found.get("key", part) if isinstance(found, dict) and isinstance(part, int) else part
        place += f"[{name}]" if isinstance(part, int) else f".{part}" if place else str(part)
    allowed: tuple[str, ...] = ()
    context = problem.get("ctx", {})
    if "expected" in context:
        allowed = tuple(part.strip(" '") for part in str(context["expected"]).replace(" or ", ", ").split(","))
    elif "expected_tags" in context:
        allowed = tuple(part.strip(" '") for part in context["expected_tags"].split(","))
    code = {"missing": "key_missing", "extra_forbidden": "key_unknown"}.get(problem["type"], "template_value")
    shown = "" if code == "key_missing" else str(problem.get("input", ""))[:80]
    if code == "template_value" and not allowed:
        allowed = (problem["msg"],)
    return Fault(code, file, place, str(location[-1]) if location else "kind", shown, allowed)


def _has(container: Any, part: Any) -> bool:
    return part in container if isinstance(container, dict) else isinstance(part, int) and part < len(container)


def _flat(labels: dict[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in labels.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def _with_fault_columns(section: Any) -> Any:
    """Add to a section the hidden columns that tell text among figures and values outside their list."""
    if not isinstance(section, RecordsSection | StatementSection):
        return section
    figures = [c.key for c in section.columns if c.role == "input" and not c.is_text]
    listed = [c for c in section.columns if c.role == "input" and c.scale]
    tests = {"text_figures": " or ".join(f"is_text({key})" for key in figures)}
    if isinstance(section, RecordsSection):
        tests["outside"] = " or ".join(f"filled({c.key}) and not_in({c.key}, lists.{c.scale})" for c in listed)
    added = tuple(
        Column(key=key, type="integer", role="computed", place="help", hidden=True, formula=f"1 if {test} else 0")
        for key, test in tests.items()
        if test
    )
    return section.model_copy(update={"columns": section.columns + added})


def _needed_faults(template: Template) -> Iterator[Fault]:
    for kind in NEEDED:
        if kind not in template.sections or template.sections[kind].kind != kind:
            yield Fault("key_missing", "template.toml", "sections", kind)


__all__ = ["find_template", "load_template"]

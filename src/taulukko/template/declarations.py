"""What the files of a template declare, each by its shape, whatever they name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import ValidationError

from taulukko.errors import Finding
from taulukko.template.files import HEAD, THEME, Files, labels_file
from taulukko.template.kinds import declared_section
from taulukko.template.schema import Column, Filled, Head, RecordsSection, Section, Template, Theme

T = TypeVar("T")


def declared(files: Files, language: str, faults: list[Finding]) -> Template | None:
    """The declarations of each file by its shape, whatever they name; nothing where a file has none."""
    head = _shaped(HEAD, files, Head.model_validate, faults)
    if head and language not in head.languages:
        faults.append(Finding("language", HEAD, "languages", "lang", language, tuple(head.languages)))
    theme = _shaped(THEME, files, Theme.model_validate, faults)
    sections = {key: _shaped(f"{key}.toml", files, declared_section, faults) for key in head.sections} if head else {}
    if not faults and labels_file(language) not in files:
        faults.append(Finding("file_missing", labels_file(language)))
    if faults:
        return None
    return Template.model_construct(
        head=head,
        sections={key: _with_fault_columns(section) for key, section in sections.items()},
        theme=theme,
        labels=words(files[labels_file(language)]),
        language=language,
        trees={},
    )


def _shaped(name: str, files: Files, shape: Callable[[Any], T], faults: list[Finding]) -> T | None:
    if name not in files:
        faults.append(Finding("file_missing", name, field="" if name in (HEAD, THEME) else "sections"))
        return None
    try:
        return shape(files[name])
    except ValidationError as error:
        faults += [_fault(name, files[name], problem) for problem in error.errors()]
        return None


def _fault(file: str, content: Any, problem: Any) -> Finding:
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
    return Finding(code, file, place, str(location[-1]) if location else "kind", shown, allowed)


def _has(container: Any, part: Any) -> bool:
    return part in container if isinstance(container, dict) else isinstance(part, int) and part < len(container)


def words(labels: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """The labels of a file by their full keys."""
    found: dict[str, str] = {}
    for key, value in labels.items():
        if isinstance(value, dict):
            found |= words(value, f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = value
    return found


def _with_fault_columns(section: Section | None) -> Section | None:
    """Add to a section the hidden columns that tell text among figures and values outside their list."""
    if not isinstance(section, Filled):
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


__all__ = ["declared", "words"]

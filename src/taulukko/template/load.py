"""Finds a template, reads its files and says everything that is wrong with them at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from taulukko.errors import Fault, FaultsError
from taulukko.formula import ExpressionError
from taulukko.template.names import Names
from taulukko.template.schema import (
    INTERNAL,
    AnySection,
    CheckRule,
    ChecksSection,
    Column,
    CoverSection,
    Head,
    Panel,
    RecordsSection,
    StatementSection,
    SummarySection,
    Template,
    Theme,
    Tile,
)
from taulukko.template.words import expected_labels

PACKAGED = Path(__file__).parent.parent / "templates"
REPOSITORY = Path(__file__).parents[3] / "templates"

NEEDED = ("cover", "checks", "controls", "parameters", "lists")
"""Sections that every workbook has, named by their kind."""

_SECTION: TypeAdapter[Any] = TypeAdapter(AnySection)


def find_template(name: str) -> Path:
    """The folder of a template that comes with the package, by name.

    Raises:
        FaultsError: there is none of that name; lists those there are.
    """
    roots = [root for root in (PACKAGED, REPOSITORY) if root.is_dir()]
    for root in roots:
        if (root / name / "template.toml").is_file():
            return root / name
    known = sorted({path.parent.name for root in roots for path in root.glob("*/template.toml")})
    raise FaultsError([Fault("template_unknown", "template.toml", field="template", found=name, allowed=tuple(known))])


def load_template(folder: Path, language: str) -> Template:
    """Read and check a template.

    Args:
        folder: with template.toml, one file a section, labels.<language>.toml and theme.toml.
        language: one of the languages the template has labels for.

    Raises:
        FaultsError: every fault of every file, each with file, table and key.
    """
    faults: list[Fault] = []
    head = _read(folder / "template.toml", Head, faults)
    theme = _read(folder / "theme.toml", Theme, faults)
    if head is None or theme is None:
        raise FaultsError(faults)
    if language not in head.languages:
        raise FaultsError([Fault("language", "template.toml", "languages", "lang", language, tuple(head.languages))])
    sections = {key: _read(folder / f"{key}.toml", _SECTION, faults) for key in head.sections}
    labels = _flat(_toml(folder / f"labels.{language}.toml", faults))
    if faults:
        raise FaultsError(faults)
    template = Template.model_construct(
        head=head,
        sections={key: _with_fault_columns(section) for key, section in sections.items()},
        theme=theme,
        labels=labels,
        language=language,
    )
    faults += _label_faults(template) + list(_reference_faults(template))
    if not faults:
        faults += list(_expression_faults(template))
    if faults:
        raise FaultsError(faults)
    return template


def _toml(path: Path, faults: list[Fault]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        faults.append(Fault("file_missing", path.name))
    except UnicodeDecodeError:
        faults.append(Fault("encoding", path.name))
    except tomllib.TOMLDecodeError as error:
        faults.append(Fault("toml", path.name, found=str(error)))
    return {}


def _read(path: Path, shape: Any, faults: list[Fault]) -> Any:
    before = len(faults)
    content = _toml(path, faults)
    if len(faults) > before:
        return None
    try:
        return shape.validate_python(content) if isinstance(shape, TypeAdapter) else shape.model_validate(content)
    except ValidationError as error:
        faults += [_fault(path.name, content, problem) for problem in error.errors()]
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


def _label_faults(template: Template) -> list[Fault]:
    file = f"labels.{template.language}.toml"
    expected = expected_labels(template)
    missing = [Fault("label_missing", file, field=key) for key in sorted(expected - template.labels.keys())]
    orphans = [
        Fault("label_orphan", file, field=key, found=template.labels[key])
        for key in template.labels
        if key not in expected
    ]
    return missing + orphans


def _reference_faults(template: Template) -> Iterator[Fault]:
    """Keys that name other keys: scales, sections, parts of totals, duplicates."""
    scales = (*template.head.scales, "units", "strategic_goals")
    for kind in NEEDED:
        if kind not in template.sections or template.sections[kind].kind != kind:
            yield Fault("key_missing", "template.toml", "sections", kind)
    for key, section in template.sections.items():
        file = f"{key}.toml"
        if isinstance(section, RecordsSection | StatementSection):
            seen: set[str] = set()
            for column in section.columns:
                place = f"columns[{column.key}]"
                if column.key in seen:
                    yield Fault("key_twice", file, "columns", "key", column.key)
                seen.add(column.key)
                if column.scale and column.scale not in scales:
                    yield Fault("template_value", file, place, "scale", column.scale, scales)
                if (column.type == "choice") != bool(column.scale) and column.type != "integer":
                    yield Fault("key_missing", file, place, "scale")
                if column.role == "computed" and not column.formula and column.key != "watch":
                    yield Fault("key_missing", file, place, "formula")
                figures = tuple(c.key for c in section.columns if c.role == "input" and c.type == column.type)
                if column.from_last_year and column.from_last_year.column not in figures:
                    source = column.from_last_year.column
                    yield Fault("template_value", file, f"{place}.from_last_year", "column", source, figures)
        if isinstance(section, RecordsSection):
            for name in section.facts.keys() & {column.key for column in section.columns}:
                yield Fault("key_twice", file, "facts", name)
            if [column.key for column in section.columns if column.role == "key"] != ["id"]:
                yield Fault("key_missing", file, "columns", 'key = "id", role = "key"')
            if section.below and section.below not in template.sections:
                yield Fault("template_value", file, "", "below", section.below, tuple(template.sections))
        if isinstance(section, SummarySection) and section.returns:
            filled = (*template.records(), *template.statements())
            for name in section.returns.sections:
                if name not in filled:
                    yield Fault("template_value", file, "returns", "sections", name, filled)
        if isinstance(section, StatementSection):
            yield from _line_faults(file, section)


def _line_faults(file: str, section: StatementSection) -> Iterator[Fault]:
    """What is wrong with the parts of totals, with memos and with what eliminations name."""
    summed = tuple(line.key for line in section.lines if line.kind in ("line", "total"))
    plain = tuple(line.key for line in section.lines if line.kind == "line")
    for line in section.lines:
        place = f"lines[{line.key}]"
        if line.kind == "total" and not line.parts:
            yield Fault("key_missing", file, place, "parts")
        unfit = (part for part in line.parts if part not in summed)
        yield from (Fault("template_value", file, place, "parts", part, summed) for part in unfit)
        if line.kind == "memo" and not line.of:
            yield Fault("key_missing", file, place, "of")
        elif line.of and line.kind != "memo":
            yield Fault("template_value", file, place, "kind", line.kind, ("memo",))
        elif line.of and line.of not in plain:
            yield Fault("template_value", file, place, "of", line.of, plain)
        if line.key == INTERNAL:
            yield Fault("key_twice", file, "lines", "key", line.key)
    for one in section.eliminations:
        place = f"eliminations[{one.internal}]"
        memos = tuple(line.key for line in section.lines if line.kind == "memo" and line.of == one.line)
        if one.line not in plain:
            yield Fault("template_value", file, place, "line", one.line, plain)
        elif one.internal not in memos:
            yield Fault("template_value", file, place, "internal", one.internal, memos)


def _expression_faults(template: Template) -> Iterator[Fault]:
    names = Names(template)
    for file, place, field, text, section in _expressions(template):
        try:
            names.read(text, section)
        except ExpressionError as error:
            yield Fault("expression", file, place, field, str(error))
        except KeyError as error:
            yield Fault("expression", file, place, field, f"{error.args[0]}", tuple(map(str, error.args[1:])))


def _expressions(template: Template) -> Iterator[tuple[str, str, str, str, str]]:
    """Every expression of the template with the place it stands in and the section its bare names belong to."""
    for key, parameter in template.head.parameters.items():
        if parameter.formula:
            yield "template.toml", f"parameters.{key}", "formula", parameter.formula, ""
    for key, section in template.sections.items():
        file = f"{key}.toml"
        for name, text in section.key_sentence.items():
            yield file, "key_sentence", name, text, key
        for name, text in section.facts.items():
            yield file, "facts", name, text, key
        if isinstance(section, RecordsSection | StatementSection):
            for column in section.columns:
                if column.formula:
                    yield file, f"columns[{column.key}]", "formula", column.formula, key
                if column.proposal:
                    yield file, f"columns[{column.key}]", "proposal", column.proposal, key
        if isinstance(section, ChecksSection):
            for check in section.checks:
                yield from _check_expressions(template, file, check)
        if isinstance(section, CoverSection):
            for rule in section.required:
                yield file, f"required[{rule.key}]", "missing", rule.missing, rule.section
        if isinstance(section, SummarySection):
            yield from _summary_expressions(file, section)


def _check_expressions(template: Template, file: str, check: CheckRule) -> Iterator[tuple[str, str, str, str, str]]:
    """A check's expressions with its placeholders filled in once, so that they can be read."""
    statement = next(iter(template.statements().values()), None)
    totals = [line.key for line in statement.lines if line.kind == "total"] if statement else []
    tables = {
        key: [c.key for c in section.columns if c.total == "sum"]
        for key, section in template.records().items()
        if any(c.total == "sum" for c in section.columns)
    }
    example = {"line": totals[0] if totals else "", "column": (check.columns or ("",))[0], "section": ""}
    if check.each == "table_totals" and tables:
        example["section"], (example["column"], *_) = next(iter(tables.items()))
    elif check.each in ("text_figures", "outside"):
        with_column = (k for k, s in template.records().items() if any(c.key == check.each for c in s.columns))
        example["section"] = next(with_column, "")
    for field in ("found", "expected", "tolerance", "which"):
        text = getattr(check, field)
        if text:
            yield file, f"checks[{check.key}]", field, text.format(**example), ""


def _summary_expressions(file: str, section: SummarySection) -> Iterator[tuple[str, str, str, str, str]]:
    for tile in section.tiles:
        yield file, f"tiles[{tile.key}]", "figure", tile.figure, ""
        for name, text in tile.note.items():
            yield file, f"tiles[{tile.key}].note", name, text, ""
    blocks: tuple[Tile | Panel, ...] = (*section.tiles, *section.panels)
    for block in blocks:
        for row in block.rows:
            yield file, f"{block.key}.rows[{row.key}]", "value", row.value, ""
    for sentence in section.sentences:
        for name, text in sentence.values.items():
            yield file, f"sentences[{sentence.key}]", name, text, ""


__all__ = ["find_template", "load_template"]

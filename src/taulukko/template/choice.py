"""What a report takes from a template: which one, which of its sections, and words of its own in place of others."""

from __future__ import annotations

import copy
import pathlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from taulukko.errors import FaultsError, Finding
from taulukko.template.declarations import declared
from taulukko.template.files import HEAD, Files
from taulukko.template.needed import SECTIONS, needed_scales
from taulukko.template.references import Mention, Path, mentions, wrong_expressions, wrong_references
from taulukko.template.schema import SummarySection, Template

REPORT = "report.toml"
SINGLE = ("facts", "parameters")
"""Tables each entry of which stands for itself."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a report says of its template.

    Attributes:
        folder: of the template.
        sections: those it has, beside the ones that every workbook has; all of them when empty.
        words: the data folder, whose labels.<language>.toml says other words than the template.
    """

    folder: pathlib.Path
    sections: tuple[str, ...] = ()
    words: pathlib.Path | None = None


def without_others(files: Files, template: Template, sections: tuple[str, ...]) -> tuple[Template, tuple[Finding, ...]]:
    """A template with the chosen sections only, and what fell away because it refers to the others.

    Of a list the entry that refers to them falls away (a check, a tile, a row of it), else the table (a matrix, a key
    sentence).

    Args:
        template: what the files declare.

    Raises:
        FaultsError: a chosen section that the template does not have, or that cannot do without another.
    """
    original = template
    known = tuple(key for key in template.head.sections if key not in template.head.without)
    unknown = [one for one in sections if one not in known]
    if unknown:
        raise FaultsError(*(Finding("value", REPORT, field="sections", found=one, expected=known) for one in unknown))
    kept = [key for key in known if key in (sections or known) or template.sections[key].kind in SECTIONS]
    others = {f"{key}.toml" for key in template.head.sections if key not in kept}
    files = {name: copy.deepcopy(content) for name, content in files.items() if name not in others}
    files[HEAD] |= {"sections": kept, "without": []}
    left: list[Finding] = []
    while wrong := [*_wrong(template := _declared(files, template))]:
        needed = [one for one in wrong if _is_needed(one)]
        if needed:
            raise FaultsError(
                *(Finding("section_needed", REPORT, "", "sections", w.section, (w.text,)) for w in needed)
            )
        parts: dict[tuple[str, Path], Mention] = {}
        for one in wrong:
            parts.setdefault((one.file, _part(one.path)), one)
        for file, path in sorted(parts, key=_place, reverse=True):
            _remove(files[file], path)
        _close_up(files, original)
        left += [Finding("left_out", one.file, one.place, one.field, one.text, (), "remark") for one in parts.values()]
    for key, section in template.sections.items():
        if isinstance(section, SummarySection) and not section.bars:
            for one in files[f"{key}.toml"].pop("rankings", ()):
                left.append(Finding("left_out", f"{key}.toml", f"rankings[{one['key']}]", "", "bars", (), "remark"))
    unused = [scale for scale in _scales_of(original) - _scales_of(template) if scale in template.head.scales]
    for scale in sorted(unused):
        del files[HEAD]["scales"][scale]
        left.append(Finding("left_out", HEAD, f"scales.{scale}", "", scale, (), "remark"))
    template = _declared(files, template)
    for key, section in template.sections.items():
        whole = original.sections[key]
        if isinstance(whole, SummarySection) and isinstance(section, SummarySection) and section.is_empty:
            shown = tuple(dict.fromkeys(tile.section for tile in whole.tiles))
            raise FaultsError(Finding("section_needed", REPORT, "", "sections", key, shown))
    return template, tuple(left)


def _scales_of(template: Template) -> set[str]:
    """The lists that something of a template names, or that every workbook has."""
    said = {word for mention in mentions(template) for word in re.findall(r"\w+", mention.text)}
    return (said | needed_scales(template).keys()) & template.head.scales.keys()


def _declared(files: Files, template: Template) -> Template:
    faults: list[Finding] = []
    found = declared(files, template.language, faults)
    if found is None:
        raise FaultsError(*faults)
    return found.model_copy(update={"remarks": template.remarks})


def _wrong(template: Template) -> Iterator[Mention]:
    """What names something that is not there."""
    for wrong in (*wrong_references(template), *wrong_expressions(template)):
        yield wrong.mention


def _place(part: tuple[str, Path]) -> tuple[str, list[str]]:
    """Of two entries of a list the later one comes last."""
    return part[0], [f"{step:05}" if isinstance(step, int) else step for step in part[1]]


def _is_needed(wrong: Mention) -> bool:
    """Whether a section cannot do without what it names: it stands below it, or shows nothing else."""
    key = wrong.path[0]
    field = type(wrong.declared).model_fields.get(str(key))
    return len(wrong.path) == 1 and (key == "below" or bool(field and field.is_required()))


def _part(path: Path) -> Path:
    """The part that falls away with what stands at a path: the innermost entry of a list, else the table."""
    for end in range(len(path), 0, -1):
        if isinstance(path[end - 1], int):
            return path[:end]
    return path[: 2 if path[0] in SINGLE else 1]


def _remove(content: Any, path: Path) -> None:
    """Remove a part; a table with an emptied list goes, too."""
    holder = content
    for part in path[:-1]:
        holder = holder[part]
    del holder[path[-1]]
    if not holder and isinstance(content[path[0]], dict):
        del content[path[0]]


def _close_up(files: Files, original: Template) -> None:
    """What is left of a summary's tiles and of its panels stands side by side, from the left."""
    for key, section in original.sections.items():
        if isinstance(section, SummarySection) and f"{key}.toml" in files:
            for name, blocks in (("tiles", section.tiles), ("panels", section.panels)):
                columns = sorted(block.column for block in blocks)
                for block, column in zip(files[f"{key}.toml"].get(name, ()), columns, strict=False):
                    block["column"] = column


__all__ = ["Choice", "without_others"]

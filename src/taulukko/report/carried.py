"""What a workbook carries of its template: by this its inputs are read, wherever it comes to.

Nothing is computed by it: it has the columns, lines, scales and limits of what is filled in, and their words.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from taulukko.program.packed import pack, unpack
from taulukko.template.schema import DYNAMIC_SCALES, Filled, RecordsSection, Section, StatementSection, Template

LARGEST = 4_000_000
"""Bytes of the declarations; those of ours are some 30 000."""
LONGEST = 2_000
"""Characters of a label."""
LABELS = "sections. scales. scale_names. columns. lines. parameters. cover.return cover.missing statement."
WORDS = (*LABELS.split(), "decimal_mark")
"""How the labels begin that are needed to read inputs and to tell of them."""


@lru_cache(maxsize=12)
def carried(template: Template) -> tuple[str, ...]:
    """The declarations of a template as texts that cells hold; and a mark of all that it says, but for the looks.

    Args:
        template: with the words of the report.
    """
    whole = template.model_dump_json(exclude={"trees", "remarks", "theme"})
    declared = _pruned(template).model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return tuple(pack({"template": declared, "whole": hashlib.sha256(whole.encode()).hexdigest()[:16]}))


@lru_cache(maxsize=12)
def carried_template(chunks: tuple[str, ...]) -> Template:
    """The declarations that a workbook carries, which anybody may have written.

    Raises:
        ProgramError, ValueError: they are damaged, or inputs cannot be read by them.
    """
    template = Template.model_validate(unpack(chunks, LARGEST).get("template"))
    if not all(_is_whole(template, section) for section in template.sections.values()):
        raise ValueError("declarations")
    words = {f"scales.{key}.{one.key}" for key, scale in template.head.scales.items() for one in scale.members}
    if not words | {"decimal_mark"} <= template.labels.keys():
        raise ValueError("labels")
    if "return_state" not in template.head.scales or any(len(text) > LONGEST for text in template.labels.values()):
        raise ValueError("labels")
    return template


def _pruned(template: Template) -> Template:
    sections = {key: found for key, section in template.sections.items() if (found := section.carried())}
    head = template.head
    parameters = {key: one for key, one in head.parameters.items() if not one.formula}
    labels = {key: text for key, text in template.labels.items() if key.startswith(WORDS) and len(text) <= LONGEST}
    labels = {key: text for key, text in labels.items() if ".sentence" not in key}
    theme = template.theme.model_copy(update={"colours": {}, "formats": {}, "styles": {}})
    update: dict[str, object] = {
        "head": head.model_copy(update={"sections": tuple(sections), "parameters": parameters, "extends": None}),
        "sections": sections,
        "theme": theme,
        "labels": labels,
    }
    return template.model_copy(update={**update, "remarks": (), "trees": {}})


def _is_whole(template: Template, section: Section) -> bool:
    """Whether a section can be read: its scales are there, and what it stands below."""
    if not isinstance(section, Filled):
        return section.carried() is not None
    scales = {column.scale for column in section.columns if column.scale}
    keys = [column.key for column in section.columns]
    if not scales <= {*template.head.scales, *DYNAMIC_SCALES} or len({*keys}) < len(keys):
        return False
    if isinstance(section, StatementSection):
        return not section.assessment or "yes_no" in template.head.scales
    if not isinstance(section, RecordsSection):
        return True
    above = template.sections.get(section.below or "")
    is_placed = section.below is None or (isinstance(above, RecordsSection) and above.below is None)
    if section.groups and section.groups.by not in keys:
        return False
    return is_placed and [column.role for column in section.columns].count("key") == 1


__all__ = ["carried", "carried_template"]

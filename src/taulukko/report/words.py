"""The words of a template as one report says them: with its year in the place of `{year}`, wherever it stands."""

from __future__ import annotations

from functools import lru_cache

from taulukko.report.model import Report
from taulukko.template import Template


def worded(template: Template, report: Report) -> Template:
    """The template with the year, last year and the months of a report in its labels.

    Last year's figures may not be final, and then last year says so.
    """
    return _worded(template, report.year, report.last_year_preliminary, report.period_end.month)


@lru_cache(maxsize=12)
def _worded(template: Template, year: int, preliminary: bool, months: int) -> Template:
    last_year = f"{year - 1} {template.label('words.preliminary')}" if preliminary else str(year - 1)
    facts = {"{year}": str(year), "{last_year}": last_year, "{months}": str(months)}
    open_labels = {key: text for key, text in template.labels.items() if any(fact in text for fact in facts)}
    if not open_labels:
        return template
    return template.model_copy(
        update={"labels": template.labels | {key: _filled(text, facts) for key, text in open_labels.items()}}
    )


def _filled(text: str, facts: dict[str, str]) -> str:
    for name, fact in facts.items():
        text = text.replace(name, fact)
    return text


__all__ = ["worded"]

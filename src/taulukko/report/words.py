"""The words of a template as one report says them: with its year in the place of `{year}`, wherever it stands."""

from __future__ import annotations

from taulukko.report.model import Report
from taulukko.template import Template


def worded(template: Template, report: Report) -> Template:
    """The template with the year, last year and the months of a report in its labels.

    Last year's figures may not be final, and then last year says so.
    """
    last_year = str(report.year - 1)
    if report.last_year_preliminary:
        last_year += f" {template.label('words.preliminary')}"
    facts = {"{year}": str(report.year), "{last_year}": last_year, "{months}": str(report.period_end.month)}
    return template.model_copy(
        update={"labels": {key: _filled(text, facts) if "{" in text else text for key, text in template.labels.items()}}
    )


def _filled(text: str, facts: dict[str, str]) -> str:
    for name, fact in facts.items():
        text = text.replace(name, fact)
    return text


__all__ = ["worded"]

"""The limits of the reader are told to people by their numbers."""

from __future__ import annotations

import pytest

from support.built import ROOT
from taulukko.errors import WorkbookError
from taulukko.xlsx.limits import EXCEL, LIMITS, Limit

DOCUMENT = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
ROWS = {row.split("`")[1]: row.split("|")[2] for row in DOCUMENT.splitlines() if row.startswith("| `")}


@pytest.mark.parametrize("limit", [*LIMITS, *EXCEL], ids=lambda limit: limit.name)
def test_the_document_names_the_number_of_each_limit(limit: Limit) -> None:
    number, _, unit = ROWS[limit.name].strip().partition(" m")
    assert number.removesuffix(" characters") == f"{limit.most:,}".replace(",", " ")
    assert limit.unit == {"": 1, "i": 1_000_000, "e": 1024 * 1024}[unit[:1]]


@pytest.mark.parametrize("limit", [*LIMITS, *EXCEL], ids=lambda limit: limit.name)
def test_a_limit_holds_itself_and_no_more(limit: Limit) -> None:
    limit.check(limit.most * limit.unit)
    with pytest.raises(WorkbookError) as refused:
        limit.check(limit.most * limit.unit + 1)
    assert (refused.value.findings[0].code, refused.value.findings[0].found) == ("too_large", limit.name)

"""What somebody can change in a workbook without touching a formula; other templates and versions change nothing."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from support.built import HEINOLA, ROOT, TEMPLATE, Built
from support.edits import edited, put
from taulukko.builder import build
from taulukko.errors import Finding
from taulukko.xlsx.check import check
from taulukko.xlsx.package import open_package

EVERYWHERE = {"check_fails"}
"""What holds of the report as it was published."""


def found(path: Path) -> list[Finding]:
    return [one for one in check(path) if one.code not in EVERYWHERE]


def rewritten(source: Path, target: Path, part: str, change: Callable[[str], str]) -> Path:
    """A copy whose parts of a name, a pattern, read otherwise; at least one does."""
    changed = 0
    with zipfile.ZipFile(source) as book, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in book.namelist():
            data = book.read(name)
            if re.fullmatch(part, name):
                text = change(data.decode())
                changed += text != data.decode()
                data = text.encode()
            copy.writestr(name, data)
    assert changed
    return target


def sheet_part(built: Built, key: str) -> str:
    return open_package(built.path).sheets[built.sheet(key).name]


@pytest.mark.parametrize(
    ("code", "part", "old", "new"),
    [
        ("days_from_1904", "xl/workbook.xml", "<workbookPr ", '<workbookPr date1904="1" '),
        ("as_displayed", "xl/workbook.xml", "<calcPr ", '<calcPr fullPrecision="0" '),
        ("manual_calculation", "xl/workbook.xml", "<calcPr ", '<calcPr calcMode="manual" '),
    ],
)
def test_settings_that_make_figures_wrong_are_told_once(
    finnish: Built, tmp_path: Path, code: str, part: str, old: str, new: str
) -> None:
    path = rewritten(finnish.path, tmp_path / "a.xlsx", part, lambda text: text.replace(old, new, 1))
    assert [(one.code, one.place) for one in found(path)] == [(code, "")]


def test_a_hidden_checks_sheet_is_told(finnish: Built, tmp_path: Path) -> None:
    title = finnish.sheet("checks").name
    path = rewritten(
        finnish.path,
        tmp_path / "a.xlsx",
        "xl/workbook.xml",
        lambda text: text.replace(f'<sheet name="{title}"', f'<sheet name="{title}" state="hidden"'),
    )
    assert [(one.code, one.place) for one in found(path)] == [("sheet_hidden", title)]


@pytest.mark.parametrize(
    ("code", "pattern"),
    [
        ("validations_removed", r"<dataValidations.*?</dataValidations>"),
        ("rules_removed", r"<conditionalFormatting.*</conditionalFormatting>"),
        ("sheet_unprotected", r"<sheetProtection[^>]*/>"),
    ],
)
def test_what_guarded_a_sheet_and_is_gone_is_told(finnish: Built, tmp_path: Path, code: str, pattern: str) -> None:
    key = "income_statement.VAKA"
    path = rewritten(
        finnish.path,
        tmp_path / "a.xlsx",
        re.escape(sheet_part(finnish, key)),
        lambda text: re.sub(pattern, "", text, flags=re.DOTALL),
    )
    assert [(one.code, one.place) for one in found(path)] == [(code, finnish.sheet(key).name)]


@pytest.mark.parametrize("code", ["#,##0,", "#,##0;#,##0"])
def test_a_number_format_that_hides_thousands_or_a_minus_is_told_once_a_sheet(
    finnish: Built, tmp_path: Path, code: str
) -> None:
    euro = finnish.template.theme.formats["euro"]
    path = rewritten(
        finnish.path,
        tmp_path / "a.xlsx",
        "xl/styles.xml",
        lambda text: text.replace(f'formatCode="{_escaped(euro)}"', f'formatCode="{code}"'),
    )
    told = [one for one in found(path) if one.code == "figures_hidden"]
    assert told
    assert {one.expected for one in told} == {(code,)}
    assert len({one.place.rpartition("!")[0] for one in told}) == len(told)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")


def test_a_chart_that_shows_other_cells_is_told(finnish: Built, tmp_path: Path) -> None:
    path = rewritten(
        finnish.path,
        tmp_path / "a.xlsx",
        r"xl/charts/chart1\.xml",
        lambda text: re.sub(r"(<c:val>.*?<c:f>[^<]*\$)(\d+)(</c:f>)", r"\g<1>99\g<3>", text, count=1, flags=re.DOTALL),
    )
    assert {one.code for one in found(path)} == {"chart_changed"}


def test_a_changed_threshold_names_itself_first_and_what_follows_as_a_number(finnish: Built, tmp_path: Path) -> None:
    title = finnish.sheet("parameters").name
    found_at = open_package(finnish.path).area("parameters.material_amount")
    assert found_at is not None
    row = found_at[1].top
    cell = f"C{row + 1}"
    path = edited(finnish.path, tmp_path / "a.xlsx", {title: lambda cells: put(cells[cell], 900000.0)})
    first, *rest = found(path)
    assert (first.code, first.place, first.expected, first.found) == (
        "threshold_changed",
        f"{title}!{cell}",
        ("20000",),
        "900000",
    )
    assert [one.code for one in rest] == ["values_follow"]
    assert int(rest[0].found) > 1


def test_a_word_that_reads_otherwise_is_told(finnish: Built, tmp_path: Path) -> None:
    title = finnish.sheet("cover").name
    place, word = next(
        (place, cell.value)
        for place, cell in sorted(finnish.sheet("cover").cells.items())
        if isinstance(cell.value, str) and not cell.formula and cell.node is None
    )
    cell = f"{'ABCDEFGH'[place[1]]}{place[0] + 1}"
    path = edited(finnish.path, tmp_path / "a.xlsx", {title: lambda cells: put(cells[cell], f"{word} 2023")})
    assert [(one.code, one.place, one.found) for one in found(path)] == [
        ("word_changed", f"{title}!{cell}", f"{word} 2023")
    ]


def test_values_that_a_program_has_not_stored_are_one_line(finnish: Built, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.load_workbook(finnish.path)
    book.save(path)
    codes = [one.code for one in found(path)]
    assert codes.count("values_missing") == 1
    assert "value_stale" not in codes


def test_a_sheet_that_is_not_recognised_does_not_stop_the_others(finnish: Built, tmp_path: Path) -> None:
    """As by somebody who deletes a name, and overwrites a formula elsewhere."""
    title = finnish.sheet("income_statement.VAKA").name
    formula = next(
        place
        for place, cell in sorted(finnish.sheet("income_statement.VAKA").cells.items())
        if cell.formula and isinstance(cell.value, float)
    )
    cell = f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[formula[1]]}{formula[0] + 1}"
    path = rewritten(
        finnish.path,
        tmp_path / "a.xlsx",
        "xl/workbook.xml",
        lambda text: re.sub(r'(<definedName name="risks\.column\.risk">)[^<]*', r"\g<1>#REF!", text),
    )
    path = edited(path, tmp_path / "b.xlsx", {title: lambda cells: put(cells[cell], 123456.0)})
    told = {(one.code, one.place.partition("!")[0]) for one in found(path)}
    assert ("layout_changed", finnish.sheet("risks").name) in told
    assert ("formula_overwritten", title) in told


def test_a_template_that_has_changed_since_leaves_the_judgement_whole(tmp_path: Path) -> None:
    """A workbook that was sent out, a line more in checks.toml, and a formula that somebody has overwritten."""
    template, folder = tmp_path / "own", tmp_path / "report"
    shutil.copytree(TEMPLATE, template)
    shutil.copytree(HEINOLA, folder)
    path = build(folder, tmp_path / "a.xlsx", template=template)
    package = open_package(path)
    title, area = package.area("checks.column.state") or ("", None)
    assert area is not None
    cell = f"{'ABCDEFGHIJ'[area.left]}{area.top + 1}"
    broken = edited(path, tmp_path / "b.xlsx", {title: lambda cells: put(cells[cell], "OK")})
    told = [(one.code, one.place) for one in found(broken)]
    assert ("formula_overwritten", f"{title}!{cell}") in told


def test_a_workbook_of_version_01_is_judged_by_what_it_carries() -> None:
    assert [one.code for one in found(ROOT / "tests" / "data" / "version-0.1.xlsx")] == ["judged_alone"]

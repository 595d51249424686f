"""A workbook is built once for what it is built from, and anew for anything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import shelf as shelves
from support.folders import data_folder
from support.shelf import Shelf
from support.variants import copy_template
from taulukko.builder import build


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What was really built."""
    done: list[Path] = []

    def noted(source: Path, output: Path, **options: object) -> Path:
        done.append(source)
        return build(source, output, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(shelves, "build", noted)
    return done


def test_the_same_is_built_once(tmp_path: Path, built: list[Path]) -> None:
    shelf, one, same = Shelf(tmp_path), data_folder(tmp_path / "one"), data_folder(tmp_path / "same")
    path = shelf.book(one)
    assert path.read_bytes() == build(one, tmp_path / "again.xlsx").read_bytes()
    assert shelf.book(one) == path
    assert shelf.book(same) == path
    assert built == [one]


def test_what_differs_is_another(tmp_path: Path, built: list[Path]) -> None:
    shelf, one = Shelf(tmp_path), data_folder(tmp_path / "one")
    template = copy_template(tmp_path / "template")
    found = [shelf.book(one), shelf.book(one, language="sv"), shelf.book(one, unit="VAKA")]
    found += [shelf.book(one, kind="lite"), shelf.book(one, template=template)]
    (template / "theme.toml").write_text((template / "theme.toml").read_text(encoding="utf-8") + "\n", encoding="utf-8")
    found.append(shelf.book(one, template=template))
    data_folder(one, risks="R1,VAKA,operational,Henkilöstö,1,1,,")
    found.append(shelf.book(one))
    assert len(set(found)) == len(found) == len(built)

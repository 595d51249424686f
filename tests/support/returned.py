"""A round in memory: a small data folder, and copies of its workbooks that are collected without being written."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

from support.filled import Copy, Sent
from support.folders import REPORT, data_folder
from support.interrupted import before_each_step
from taulukko.folder import data_folder as folders
from taulukko.folder.data_folder import load
from taulukko.folder.journal import AGREED, Entry
from taulukko.folder.store import SLOT
from taulukko.report.inputs import Fields, Place, fields_of, written
from taulukko.report.model import Input, Report
from taulukko.round import collect as collecting
from taulukko.round.collect import Collected, collect
from taulukko.template import Template, load_template

MEMORY = next((place for place in ("/dev/shm",) if os.path.isdir(place)), None)
"""A disk that is quick, where there is one."""
START = datetime(2024, 11, 1, tzinfo=UTC)
UNITS = ("TOIMIALA", "VAKA", "HYTE")
HYTE = '[[units]]\ncode = "HYTE"\nname = "Hyvinvointi"\nlevel = "service_area"\n\n[[strategic_goals]]'

WORDS: list[Input] = [None, "Tulva", 'Palo, "iso"', "Rivi\nja toinen"]
YEARS: list[Input] = [None, 2023, 2024, 2025]
POOLS: dict[tuple[str, str], list[Input]] = {
    ("risks", "risk"): WORDS,
    ("risks", "likelihood"): [None, 1, 2, 3],
    ("risks", "risk_class"): [None, "damage", "financial"],
    ("projects", "name"): WORDS,
    ("projects", "start_year"): YEARS,
    ("projects", "end_year"): YEARS,
    ("income_statement", "forecast_manual"): [None, Decimal(1), Decimal("-2.5")],
    ("income_statement", "explanation"): WORDS,
    ("income_statement", "due"): [None, date(2024, 10, 1), date(2024, 12, 31)],
    ("assessments", "text"): WORDS,
    ("returns", "state"): [None, "draft", "ready"],
    ("returns", "date"): [None, date(2024, 11, 5), date(2024, 11, 6)],
}
"""What is typed: few values, so that people often type the same."""
OWNERS: list[Input] = [None, *UNITS]
LINES = ("fees", "personnel_costs")


def made_up(place: Path) -> Path:
    """A data folder of three units with little in it."""
    return data_folder(
        place,
        REPORT.replace("[[strategic_goals]]", HYTE, 1),
        risks="# Riskit\nR1,VAKA,damage,Tulva,1,1,,\nR2,,financial,Rahat,2,2,,\nR10,HYTE,,Palo,3,1,,\n"
        "R3,VAKA,,Melu,1,3,,",
        projects="H1,wellbeing,VAKA,Kerho,,2024,2025,,,1000,OKM,,0.5,,running,\n"
        "H2,wellbeing,TOIMIALA,Silta,,2024,2024,,,2000,OKM,,0.5,,running,",
        income_statement="VAKA,fees,1,1,1,1,,,,,,\nVAKA,personnel_costs,-1,-1,-1,-1,,,Selitys,,,\nHYTE,fees,5,5,5,5,,,,,,",
        controls="projects,,H1,funding,1000",
    )


Texts = dict[Place, dict[str, str]]


def texts_of(fields: Fields) -> Texts:
    """The inputs as written, without blanks; records that are wholly blank remain."""
    return without_blanks({place: {c: written(value) for c, value in row.items()} for place, row in fields.items()})


def without_blanks(texts: Mapping[Place, Mapping[str, str]]) -> Texts:
    """A line without figures is no line; a record of a table is one, whatever it says."""
    filled = {place: {column: text for column, text in row.items() if text} for place, row in texts.items()}
    return {place: row for place, row in filled.items() if row or place[0] in ("risks", "projects")}


def state(folder: Path) -> dict[str, bytes]:
    """Every file, also the originals of what was returned."""
    files = (path for path in folder.rglob("*") if path.is_file() and SLOT not in str(path.relative_to(folder)))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def fields_in(folder: Path) -> Fields:
    return fields_of(load(folder)[0])


FILED = re.compile(r"(.*-[0-9]+)-[0-9]+")
"""A key that a record got because another had its own."""


def check_nobody_is_overwritten(entries: Sequence[Entry], known: int) -> None:
    """What one person has said is not replaced by what another says in a copy of the same workbook."""
    said: dict[tuple[Place, str], tuple[str, set[tuple[str, str]]]] = {}
    for number, entry in enumerate(entries):
        key, who = (entry.place, entry.field), (entry.workbook, entry.saved_by)
        text, people = said.get(key, ("", set()))
        if entry.event == AGREED and entry.new == text:
            people.add(who)
        elif entry.is_change:
            others = {name for workbook, name in people if workbook == entry.workbook and name not in ("", who[1])}
            if number >= known and entry.saved_by and entry.old == text:
                assert not others, f"what {others} said is overwritten: {entry}"
            said[key] = entry.new, {who}


class Crash(BaseException):
    """The end of a process."""


@contextmanager
def crash(at: int) -> Iterator[None]:
    """Nothing reaches the disk from step `at` on."""

    def die(number: int, name: str, args: tuple[Any, ...]) -> None:
        if number >= at:
            raise Crash

    with before_each_step(die), suppress(Crash):
        yield


@contextmanager
def quickly() -> Iterator[None]:
    """Read the template once, and do not wait for the disk."""
    cached = functools.cache(load_template)
    with patch.object(folders, "load_template", cached), patch.object(os, "fsync", lambda _: None):
        yield


@contextmanager
def posted(copies: Mapping[Path, Copy]) -> Iterator[None]:
    """Let copies be read where their files would be."""
    with patch.object(collecting, "receive_all", lambda paths, *_: [copies[path].returned(path) for path in paths]):
        yield


def gathered(folder: Path, copies: Sequence[Copy], at: datetime, **options: Any) -> list[Collected]:
    post = folder.with_name("post")
    post.mkdir(exist_ok=True)
    files = {post / f"{number}.xlsx": copy for number, copy in enumerate(copies)}
    for path, copy in files.items():
        path.write_bytes(copy.content)
    with posted(files):
        return collect(list(files), folder, now=at, **options)


_planned: dict[tuple[str, str], Sent] = {}


def sent(unit: str, report: Report, template: Template) -> Sent:
    """A unit's workbook; the same data gives the same, so it is planned once."""
    key = unit, report.digest
    if key not in _planned:
        _planned[key] = Sent.to(unit, report, template)
    return _planned[key]

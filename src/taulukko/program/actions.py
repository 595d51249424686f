"""What the buttons do, whoever has the workbook open: read everything, compute, and write everything or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple, Protocol

from taulukko.errors import Finding
from taulukko.messages.phrases import Phrases
from taulukko.program.check import check, of_changes
from taulukko.program.evaluation import Spot
from taulukko.program.forecast import forecast_spots, forecasts
from taulukko.program.host import Block, Host, RefusedError
from taulukko.program.pages import Writing, log_page, logged, result_page
from taulukko.program.repair import Recomputed, recompute, repair, rewrite
from taulukko.program.statuses import proposals, status_spots, statuses
from taulukko.program.undo import last_run, log, log_run, log_undone, undo

CLOCK = "%Y-%m-%d %H:%M:%S"
FORECAST = ("by_profile", "linear", "manual", "standing")


class Desk(Host, Protocol):
    """A host at which somebody presses buttons."""

    @property
    def words(self) -> Phrases:
        """How findings are said to whoever presses."""

    def user(self) -> str:
        """Who presses, as far as the host knows."""

    def write(self, writing: Writing) -> None:
        """Write everything and show the result.

        Raises:
            RefusedError: something cannot be written; the workbook is as it was.
        """

    def refuse(self, error: RefusedError) -> None:
        """Tell why nothing was done."""


class Outcome(NamedTuple):
    """What a press comes to.

    Attributes:
        said: in a sentence.
        headers: keys of the words above the lines.
        lines: each begins with a place.
        cells: what is written in the report's own sheets.
        changed: lines of the log: cell, old and new, and the facts to take it back; None where nothing is to be logged.
        facts: of the log's line that says what it comes to.
        figures: columns of the lines that show euros.
    """

    said: str
    headers: tuple[str, ...]
    lines: Sequence[Sequence[object]]
    cells: Sequence[Block] = ()
    changed: Sequence[Sequence[object]] | None = None
    facts: Sequence[str] = ()
    figures: range = range(0)


def press(desk: Desk, action: str, now: datetime | None = None) -> None:
    """Do what a button says, or tell why it cannot be done.

    Args:
        action: one of `ACTIONS`.
    """
    try:
        desk.write(_Press(recompute(desk), desk.words).writing(action, desk.user(), now or datetime.now()))
    except RefusedError as error:
        desk.refuse(error)


@dataclass(frozen=True, slots=True)
class _Press:
    found: Recomputed
    words: Phrases

    def writing(self, action: str, user: str, now: datetime) -> Writing:
        outcome, book = ACTIONS[action](self), self.found.evaluation.layout.book
        words, when = self.found.evaluation.layout.program.words, now.strftime(CLOCK)
        button = words[f"button_{action}"]
        head = (button, outcome.said, " · ".join(filter(None, (when, user))))
        pages = [result_page(book, words, head, outcome.headers, outcome.lines)]
        if outcome.changed is not None:
            lines = [("", "", outcome.said, *outcome.facts), *outcome.changed]
            pages.append(log_page(book, words, when, user, button, lines))
        return Writing([*outcome.cells], pages, outcome.figures)

    def recompute(self) -> Outcome:
        found = self.found
        said = self._say("recomputed", checked=found.checked, count=len(found.changes))
        lines = self._lines(of_changes(found, found.changes))
        return self._repaired(found.evaluation.formulas, said, ("place", "name", "message"), lines)

    def check(self) -> Outcome:
        findings = check(self.found)
        said = self._say("checked" if findings else "good", checked=self.found.checked, count=len(findings))
        return Outcome(said, ("place", "name", "message"), self._lines(findings))

    def statuses(self) -> Outcome:
        told = statuses(self.found)
        changed = [one for one in told if one.word != one.shown]
        lines = [(one.place, one.name, one.said, one.shown, one.word) for one in changed]
        proposed = proposals(self.found)
        lines += [(one.place, one.name, one.said, one.shown, self._say("proposed", word=one.word)) for one in proposed]
        said = self._say("statuses", checked=len(told), count=len(changed), proposed=len(proposed))
        headers = ("place", "name", "what", "shown", "expected")
        return self._repaired(status_spots(self.found), said, headers, lines)

    def forecast(self) -> Outcome:
        told = forecasts(self.found)
        lines = [
            (one.place, one.name, one.unit, one.budget, *(getattr(one, key) for key in FORECAST), one.basis, one.reason)
            for one in told
        ]
        said = self._say("forecast", count=len(told), manual=sum(one.manual is not None for one in told))
        headers = ("place", "name", "unit", "budget", *FORECAST, "basis", "reason")
        return self._repaired(forecast_spots(self.found), said, headers, lines)._replace(figures=range(3, 8))

    def undo(self) -> Outcome:
        layout = self.found.evaluation.layout
        last = last_run(logged(layout.book))
        if last is None:
            return Outcome(self._say("nothing"), (), ())
        run, entries = last
        done = undo(self.found, entries)
        titles = {sheet.key: title for sheet, title in zip(layout.program.sheets, layout.titles, strict=True)}
        sentence = "undone_partly" if done.left else "undone"
        said = self._say(sentence, run=run, count=len(done.restored), left=len(done.left))
        places = {one: one.place(titles) for one in (*done.restored, *done.left)}
        changed = [(places[one], one.new, one.old) for one in done.restored]
        lines = [(places[one], "", layout.program.words["left"]) for one in done.left]
        lines += [(places[one], "", layout.program.words["restored"]) for one in done.restored]
        return Outcome(said, ("place", "name", "message"), lines, done.blocks, changed, log_undone(run))

    def _repaired(
        self, spots: Iterable[Spot], said: str, headers: tuple[str, ...], lines: Sequence[Sequence[object]]
    ) -> Outcome:
        """What makes some cells as they should be, and those they are computed from."""
        found, some = self.found, set(spots)
        numbers = {title: number for number, title in enumerate(found.evaluation.layout.titles)}
        changes = [one for one in found.changes if Spot(numbers[one.sheet], one.row, one.column) in some]
        sees = bool(found.evaluation.layout.book.formulas)
        changed = [
            (one.place, one.old, one.new, *facts) for one, facts in zip(changes, log(found, changes), strict=True)
        ]
        cells = repair(changes) if sees else rewrite(found, filter(some.__contains__, found.evaluation.formulas))
        return Outcome(said, headers, lines, cells, changed, log_run(len(changed)))

    def _lines(self, findings: Iterable[Finding]) -> list[tuple[str, str, str]]:
        """Place, name and message of each."""
        told = ((one, replace(one, place="", field="")) for one in findings)
        return [(one.place, one.field, self.words.sentences(alone)) for one, alone in told]

    def _say(self, key: str, **values: object) -> str:
        return self.found.evaluation.layout.program.words[key].format(**values)


ACTIONS: dict[str, Callable[[_Press], Outcome]] = {
    "recompute": _Press.recompute,
    "check": _Press.check,
    "statuses": _Press.statuses,
    "forecast": _Press.forecast,
    "undo": _Press.undo,
}

__all__ = ["ACTIONS", "Desk", "press"]

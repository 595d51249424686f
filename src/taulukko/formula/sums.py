"""What a path is the sum of, by its parts' paths: a node for sums that no template spells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from taulukko.formula.nodes import Fetch, Node, Refer
from taulukko.formula.values import is_number


@dataclass(frozen=True, slots=True)
class Sum:
    """Parts added up, less others; missing while one of them is.

    Attributes:
        added: what is added up.
        taken: what is taken away from that.
        needed: what must be known as well, though it is not added.

    Example:
        >>> Sum(("A1", "A2"), ("A3",)).excel(str)
        'IF(COUNT(A1,A2,A3)<3,"",SUM(A1,A2)-SUM(A3))'
    """

    added: tuple[str, ...]
    taken: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    kind: str = field(default="number", init=False)
    may_be_missing: bool = field(default=True, init=False)

    def excel(self, refer: Refer) -> str:
        if not self.added:
            return '""'
        paths = tuple(self.paths())
        cells, added, taken = (",".join(map(refer, some)) for some in (paths, self.added, self.taken))
        less = f"-SUM({taken})" if taken else ""
        return f'IF(COUNT({cells})<{len(paths)},"",SUM({added}){less})'

    bare = excel

    def value(self, fetch: Fetch) -> float | None:
        found = {path: value for path in self.paths() if is_number(value := fetch(path))}
        if not self.added or not all(path in found for path in self.paths()):
            return None
        added, taken = (sum(map(found.__getitem__, some)) for some in (self.added, self.taken))
        return float(added - taken)

    def operands(self) -> Iterator[Node]:
        yield self

    def paths(self) -> Iterator[str]:
        yield from (*self.added, *self.taken, *self.needed)


__all__ = ["Sum"]

"""Several modules of the package as one text that needs none of them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = "taulukko"
SOURCE = Path(__file__).parents[1]


class MergeError(ValueError):
    """A module that cannot be merged, and why."""


@dataclass(slots=True)
class _Module:
    """A module of the package.

    Attributes:
        body: its statements, without those that only a type checker sees.
        names: what each name that it gets from another module or that another module has too is called in the whole.
    """

    name: str
    lines: list[str | None]
    body: list[ast.stmt]
    names: dict[str, str] = field(default_factory=dict)

    def imports(self) -> Iterator[ast.ImportFrom]:
        """From which modules of the package it takes what."""
        yield from (one for one in self.body if isinstance(one, ast.ImportFrom) and _is_ours(one.module or ""))

    def defined(self) -> Iterator[str]:
        for one in self.body:
            match one:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                    yield name
                case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                    yield name


@dataclass(frozen=True, slots=True)
class Merged:
    """Modules as one text.

    Attributes:
        modules: their names, each after those it needs.
        imports: the lines that import what they need besides.
        text: the rest, each module under its name.
    """

    modules: tuple[str, ...]
    imports: str
    text: str


def merge(*names: str) -> Merged:
    """Some modules and all those of the package that they need.

    Names stay, but for those that two modules give to different things: the later gets its module's name before it.

    Raises:
        MergeError: a module imports one of the package in a way that cannot be followed.

    Example:
        >>> merge("taulukko.formula.scalars").modules[:3]
        ('taulukko.formula.days', 'taulukko.formula.values', 'taulukko.formula.nodes')
    """
    modules: dict[str, _Module] = {}
    for name in names:
        _add(modules, name)
    every = list(modules.values())
    imports = _imports(every)
    _name(modules, {"annotations", *_bound(imports)})
    text = "\n\n\n".join(f"# {module.name}\n\n{_text(module)}" for module in every)
    return Merged(tuple(modules), _import_lines(imports), text)


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] == PACKAGE


def _add(modules: dict[str, _Module], name: str, asking: tuple[str, ...] = ()) -> None:
    """A module after those that it needs."""
    if name in modules:
        return
    if name in asking:
        raise MergeError(f"{name} needs itself")
    module = _read(name)
    for one in module.imports():
        _add(modules, one.module or "", (*asking, name))
    modules[name] = module


def _read(name: str) -> _Module:
    path = SOURCE.joinpath(*name.split(".")[1:])
    text = (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text(encoding="utf-8")
    module = _Module(name, [*text.splitlines()], ast.parse(text).body)
    _leave_out(module.lines, filter(_is_for_checking, module.body))
    module.body = [one for one in module.body if not _is_for_checking(one)]
    allowed = {id(one) for one in module.imports()}
    for node in ast.walk(ast.Module(module.body, [])):
        if isinstance(node, ast.Import | ast.ImportFrom) and id(node) not in allowed:
            found = node.module or PACKAGE if isinstance(node, ast.ImportFrom) else node.names[0].name
            if _is_ours(found):
                raise MergeError(f"{name} imports {found} in a way that cannot be followed")
    return module


def _is_for_checking(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING"


def _imports(modules: Sequence[_Module]) -> list[ast.Import | ast.ImportFrom]:
    """What the modules import from elsewhere."""
    every = (one for module in modules for one in module.body if isinstance(one, ast.Import | ast.ImportFrom))
    return [
        one
        for one in every
        if isinstance(one, ast.Import) or (one.module != "__future__" and not _is_ours(one.module or ""))
    ]


def _bound(imports: Sequence[ast.Import | ast.ImportFrom]) -> Iterator[str]:
    for one in imports:
        yield from ((name.asname or name.name).partition(".")[0] for name in one.names)


def _import_lines(imports: Sequence[ast.Import | ast.ImportFrom]) -> str:
    plain: set[str] = set()
    taken: dict[str, set[str]] = {}
    for one in imports:
        for name in one.names:
            text = f"{name.name} as {name.asname}" if name.asname else name.name
            if isinstance(one, ast.Import):
                plain.add(f"import {text}")
            else:
                taken.setdefault(one.module or "", set()).add(text)
    return "\n".join((*sorted(plain), *(f"from {key} import {', '.join(sorted(taken[key]))}" for key in sorted(taken))))


def _name(modules: dict[str, _Module], taken: set[str]) -> None:
    """Say what each module's names are called in the whole."""
    called: dict[tuple[str, str], str] = {}
    for module in modules.values():
        for one in module.imports():
            for name in one.names:
                module.names[name.asname or name.name] = called[one.module or "", name.name]
        for defined in dict.fromkeys(module.defined()):
            if defined == "__all__":
                continue
            whole = f"{module.name.rpartition('.')[2]}_{defined}" if defined in taken else defined
            if whole in taken and defined not in module.names:
                raise MergeError(f"{module.name}: two things are called {whole}")
            taken.add(whole)
            module.names.setdefault(defined, whole)
        called |= {(module.name, name): whole for name, whole in module.names.items()}


def _text(module: _Module) -> str:
    """A module's own lines, its imports and its list of names left out."""
    lines = _renamed(module)
    imports = (one for one in module.body if isinstance(one, ast.Import | ast.ImportFrom))
    _leave_out(lines, imports)
    _leave_out(lines, (one for one in module.body if "__all__" in _Module("", [], [one]).defined()))
    text = "\n".join(line for line in lines if line is not None).strip()
    while "\n\n\n\n" in text:
        text = text.replace("\n\n\n\n", "\n\n\n")
    return text


def _leave_out(lines: list[str | None], statements: Iterable[ast.stmt]) -> None:
    for one in statements:
        for line in range(one.lineno, (one.end_lineno or one.lineno) + 1):
            lines[line - 1] = None


def _renamed(module: _Module) -> list[str | None]:
    """The lines with those names changed that are called otherwise in the whole."""
    others = {name: whole for name, whole in module.names.items() if name != whole}
    lines = [*module.lines]
    own = {id(one.target) for one in module.body if isinstance(one, ast.AnnAssign)}
    own |= {id(target) for one in module.body if isinstance(one, ast.Assign) for target in one.targets}
    places: set[tuple[int, int, str]] = set()
    for node in ast.walk(ast.Module(module.body, [])):
        match node:
            case ast.Name(id=name, ctx=context) if name in others:
                if isinstance(context, ast.Store) and id(node) not in own:
                    raise MergeError(f"{module.name}:{node.lineno}: {name} is two things")
                places.add((node.lineno, node.col_offset, name))
            case ast.JoinedStr() if any(isinstance(one, ast.Name) and one.id in others for one in ast.walk(node)):
                raise MergeError(f"{module.name}:{node.lineno}: a name within a text is to be changed")
            case ast.arg(arg=name) if name in others:
                raise MergeError(f"{module.name}:{node.lineno}: {name} is two things")
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) if name in others:
                word = "def " if isinstance(node, ast.FunctionDef) else "class "
                places.add((node.lineno, node.col_offset + len(word), name))
    for line, start, name in sorted(places, reverse=True):
        text = (lines[line - 1] or "").encode()
        lines[line - 1] = (text[:start] + others[name].encode() + text[start + len(name.encode()) :]).decode()
    return lines


__all__ = ["MergeError", "Merged", "merge"]

"""Where a template is, and what its files say; one that extends another holds only what differs."""

from __future__ import annotations

import tomllib
from functools import reduce
from pathlib import Path
from typing import Any

from taulukko.errors import FaultsError, Finding

PACKAGED = Path(__file__).parent.parent / "templates"
REPOSITORY = Path(__file__).parents[3] / "templates"
ROOT = PACKAGED if PACKAGED.is_dir() else REPOSITORY
"""Where the templates that come with the package are: in itself, or beside its source where it is not installed."""

HEAD, THEME = "template.toml", "theme.toml"
Files = dict[str, dict[str, Any]]
"""What the files of a template say, by their names."""


def labels_file(language: str) -> str:
    return f"labels.{language}.toml"


def is_path(name: str) -> bool:
    """Whether a template is named by where it is."""
    return "/" in name or "\\" in name


def find_template(name: str, beside: Path = Path()) -> Path:
    """The folder of a template: one that comes with the package, by its name, or any, by its path.

    Args:
        name: such as `osavuosikatsaus`; with a slash in it, a path such as `../our-template`.
        beside: the folder from which a path starts.

    Raises:
        FaultsError: there is none; lists those that come with the package.
    """
    folder = beside / name if is_path(name) else ROOT / name
    if (folder / HEAD).is_file():
        return folder
    known = sorted(path.parent.name for path in ROOT.glob(f"*/{HEAD}"))
    raise FaultsError(Finding("template_unknown", HEAD, field="template", found=name, expected=tuple(known)))


def folders_of(folder: Path) -> list[Path]:
    """The folder of a template after those of the templates that it extends.

    Raises:
        FaultsError: one of them is not there, or they extend each other.
    """
    chain = [folder]
    while isinstance(name := read_toml(chain[0] / HEAD, []).get("extends"), str):
        base = find_template(name, chain[0])
        if base.resolve() in [one.resolve() for one in chain]:
            raise FaultsError(Finding("template_value", HEAD, field="extends", found=name))
        chain.insert(0, base)
    return chain


def read_files(folder: Path, language: str, faults: list[Finding]) -> Files:
    """The files that template.toml names and that are there, with the labels of one language.

    Args:
        faults: is given a fault for each file that cannot be read, and for each language without labels.

    Raises:
        FaultsError: as `folders_of`.
    """
    chain = folders_of(folder)
    head = _laid_over(HEAD, chain, faults)
    base = _laid_over(HEAD, chain[:-1], []) if chain[:-1] else {}
    left = [one for one in _texts(base, "sections") if one not in _texts(head, "sections")]
    if left:
        head |= {"sections": _texts(head, "sections") + left, "without": _texts(head, "without") + left}
    sections, languages = _texts(head, "sections"), _texts(head, "languages")
    files = {HEAD: head}
    for name in (THEME, *(f"{key}.toml" for key in sections), labels_file(language)):
        if any((one / name).is_file() for one in chain):
            files[name] = _laid_over(name, chain, faults)
    others = (labels_file(one) for one in languages if one != language)
    faults += [Finding("file_missing", one) for one in others if not any((each / one).is_file() for each in chain)]
    return files


def _texts(content: dict[str, Any], key: str) -> list[str]:
    """A list of texts, as far as it is one."""
    listed = content.get(key)
    return [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []


def _laid_over(name: str, chain: list[Path], faults: list[Finding]) -> dict[str, Any]:
    """A file of a template over those of the templates it extends. A section with its `kind` is one of its own."""
    contents = [read_toml(folder / name, faults) for folder in chain if name == HEAD or (folder / name).is_file()]
    return reduce(lambda base, own: own if "kind" in own else merged(base, own), contents)


def merged(base: Any, own: Any) -> Any:
    """Tables key by key, lists of tables by their `key`; anything else in place of what the base says."""
    if isinstance(base, dict) and isinstance(own, dict):
        return base | {key: merged(base[key], value) if key in base else value for key, value in own.items()}
    if _is_keyed(base) and _is_keyed(own):
        changes = {one["key"]: one for one in own}
        changed = [merged(one, changes.pop(one["key"], {})) for one in base]
        return changed + list(changes.values())
    return own


def _is_keyed(content: Any) -> bool:
    return isinstance(content, list) and all(isinstance(one, dict) and "key" in one for one in content)


def read_toml(path: Path, faults: list[Finding]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        faults.append(Finding("file_missing", path.name))
    except UnicodeDecodeError:
        faults.append(Finding("encoding", path.name))
    except tomllib.TOMLDecodeError as error:
        faults.append(Finding("toml", path.name, found=str(error)))
    return {}


__all__ = [
    "HEAD",
    "ROOT",
    "THEME",
    "Files",
    "find_template",
    "folders_of",
    "is_path",
    "labels_file",
    "merged",
    "read_files",
    "read_toml",
]

"""Where a template is, and what its files say."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from taulukko.errors import Fault, FaultsError

PACKAGED = Path(__file__).parent.parent / "templates"
REPOSITORY = Path(__file__).parents[3] / "templates"
ROOT = PACKAGED if PACKAGED.is_dir() else REPOSITORY
"""Where the templates that come with the package are: in itself, or beside its source where it is not installed."""

HEAD, THEME = "template.toml", "theme.toml"
Files = dict[str, dict[str, Any]]
"""What the files of a template say, by their names."""


def labels_file(language: str) -> str:
    return f"labels.{language}.toml"


def find_template(name: str) -> Path:
    """The folder of a template that comes with the package, by name.

    Raises:
        FaultsError: there is none of that name; lists those there are.
    """
    if (ROOT / name / HEAD).is_file():
        return ROOT / name
    known = sorted(path.parent.name for path in ROOT.glob(f"*/{HEAD}"))
    raise FaultsError([Fault("template_unknown", HEAD, field="template", found=name, allowed=tuple(known))])


def read_files(folder: Path, language: str, faults: list[Fault]) -> Files:
    """The files that template.toml names and that are there, with the labels of one language.

    Args:
        faults: is given a fault for each file that cannot be read, and for each language without labels.
    """
    head = read_toml(folder / HEAD, faults)
    sections, languages = (
        [one for one in head.get(key, ()) if isinstance(one, str)] for key in ("sections", "languages")
    )
    files = {HEAD: head}
    for name in (THEME, *(f"{key}.toml" for key in sections), labels_file(language)):
        if (folder / name).is_file():
            files[name] = read_toml(folder / name, faults)
    others = (labels_file(one) for one in languages if one != language)
    faults += [Fault("file_missing", name) for name in others if not (folder / name).is_file()]
    return files


def read_toml(path: Path, faults: list[Fault]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        faults.append(Fault("file_missing", path.name))
    except UnicodeDecodeError:
        faults.append(Fault("encoding", path.name))
    except tomllib.TOMLDecodeError as error:
        faults.append(Fault("toml", path.name, found=str(error)))
    return {}


__all__ = ["HEAD", "ROOT", "THEME", "Files", "find_template", "labels_file", "read_files", "read_toml"]

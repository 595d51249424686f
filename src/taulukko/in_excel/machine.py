"""What a machine has, asked for by name, so that a diagnosis can be made of any machine, also of one elsewhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

WINDOWS, MAC = "win32", "darwin"
PACKAGES = ("taulukko", "xlwings")
SECONDS = 30
"""How long another Python may take to answer."""
_MARK = 3
"""The least of the web's zones: the internet, and sites that are not trusted."""

_ASK = """
import importlib.metadata, importlib.util, json, sys
found = {"python": sys.version.split()[0]}
for name in sys.argv[1:]:
    if importlib.util.find_spec(name):
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = ""
print(json.dumps(found))
"""


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine, as far as Excel's buttons depend on it.

    Attributes:
        platform: as `sys.platform`.
        python: path of the Python that runs.
        environ: environment variables.
        home: the user's folder.
        find: the path of a program that is given by its name alone; None when there is none.
        ask: the versions of a Python, by its path, and of the packages it can import; None when it does not answer.
        is_there: whether there is a file or folder.
        is_writable: whether a file may be written.
        is_from_the_web: whether Windows has marked a file as one from the internet or from mail.
        policy: a number of the Windows registry, by key and name; None when there is none.
    """

    platform: str
    python: str
    environ: Mapping[str, str]
    home: str
    find: Callable[[str], str | None]
    ask: Callable[[str], Mapping[str, str] | None]
    is_there: Callable[[str], bool]
    is_writable: Callable[[str], bool]
    is_from_the_web: Callable[[str], bool]
    policy: Callable[[str, str], int | None]


def this_machine() -> Machine:
    """The machine that this runs on."""
    return Machine(
        platform=sys.platform,
        python=sys.executable,
        environ=os.environ,
        home=str(Path.home()),
        find=shutil.which,
        ask=_ask,
        is_there=os.path.exists,
        is_writable=lambda path: os.access(path, os.W_OK),
        is_from_the_web=_is_from_the_web,
        policy=_policy,
    )


def _ask(python: str) -> Mapping[str, str] | None:
    """Let a Python say what it has, in its own folder, so that no file beside it is taken for a package."""
    try:
        command, folder = [python, "-c", _ASK, *PACKAGES], Path(python).parent
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=True)
        found: dict[str, str] = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return found


def _is_from_the_web(path: str) -> bool:
    """Read the mark of the web, a second stream that only Windows keeps."""
    if sys.platform != "win32":
        return False
    try:
        lines = Path(f"{path}:Zone.Identifier").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    zones = [line.partition("=")[2].strip() for line in lines if line.lower().startswith("zoneid=")]
    return any(zone.isdecimal() and int(zone) >= _MARK for zone in zones)


def _policy(key: str, name: str) -> int | None:
    """A number of the registry, whoever has set it: the machine's rule goes before the user's."""
    if sys.platform != "win32":
        return None
    import winreg

    for root in (winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER):
        try:
            with winreg.OpenKey(root, key) as opened:
                return int(winreg.QueryValueEx(opened, name)[0])
        except (OSError, ValueError, TypeError):
            continue
    return None


__all__ = ["MAC", "WINDOWS", "Machine", "this_machine"]

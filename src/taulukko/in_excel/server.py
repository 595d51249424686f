"""xlwings Server with our buttons and functions: Excel shows the add-in, and Python runs where the server does.

The server takes scripts, functions, task pane and manifest from a folder. The folder is written anew at each start and
says nothing of its own: the scripts are those of `taulukko.in_excel.buttons`, the functions those of
`taulukko.in_excel.functions.cells`.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from taulukko.errors import FaultsError, Finding
from taulukko.in_excel.plain_paths import PlainPaths
from taulukko.in_excel.server_pages import manifest, pane
from taulukko.messages import Say
from taulukko.program.actions import ACTIONS

HOST = "127.0.0.1"
HOSTS = (HOST, "localhost")
"""By these names the server lets itself be called; a page elsewhere must not lead its readers' browsers here."""
SETTINGS = {
    "XLWINGS_PROJECT_NAME": "Taulukko",
    "XLWINGS_MANIFEST_ID_PROD": "5b0c7c5e-6e0b-4f0e-9a52-0d0f5a2b8c41",
    "XLWINGS_FUNCTIONS_NAMESPACE": "",  # the functions have one of their own
    "XLWINGS_ENABLE_HTMX": "false",
    "XLWINGS_ENABLE_SOCKETIO": "false",
    "XLWINGS_ENABLE_ALPINEJS_CSP": "false",
    "XLWINGS_LOG_LEVEL": "WARNING",
}
"""What the server is told where the environment says nothing else."""
SCRIPT = Path(__file__).with_name("server.js")


def serve(
    say: Say,
    started: Callable[[str], None],
    port: int,
    certificate: Path | None = None,
    key: Path | None = None,
) -> None:
    """Serve the add-in to this computer until somebody stops it.

    Args:
        say: the language of the pane, of the functions' help, and of what is refused.
        started: is told the server's address.
        certificate: in PEM, for https; Office shows add-ins that come by it alone.
        key: of the certificate, unless that file has it.

    Raises:
        FaultsError: xlwings Server is not installed, or has no key of a licence.
        OSError: the port is taken, or a file cannot be read.
    """
    for file in filter(None, (certificate, key)):
        file.stat()
    os.environ["LC_ALL"] = say.language  # scripts and functions ask there for the reader's language
    _require_library()
    import uvicorn

    with TemporaryDirectory(prefix="taulukko-") as folder, _listening(port) as listening:
        os.environ["XLWINGS_PROJECT_DIR"] = folder
        os.environ |= SETTINGS | os.environ
        write_project(Path(folder), say)
        _describe_functions()
        from starlette.middleware.trustedhost import TrustedHostMiddleware
        from xlwings_server.main import main_app

        hosts = [*HOSTS, *filter(None, [os.environ.get("XLWINGS_HOSTNAME")])]
        app = TrustedHostMiddleware(PlainPaths(main_app), allowed_hosts=hosts)
        config = uvicorn.Config(
            app, log_level="warning", server_header=False, ssl_certfile=certificate, ssl_keyfile=key
        )
        config.load()
        started(f"{'https' if certificate else 'http'}://localhost:{port}")
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])


def write_project(folder: Path, say: Say) -> None:
    """Write what the server looks for."""
    for name, text in {
        "custom_scripts.py": f"from taulukko.in_excel.buttons import {', '.join(ACTIONS)}\n",
        "custom_functions.py": "from taulukko.in_excel.functions.cells import *\n",
        "templates/taskpane.html": pane(say),
        "templates/manifest.xml": manifest(say),
        "static/js/main.js": SCRIPT.read_text(encoding="utf-8"),
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _require_library() -> None:
    """Import xlwings as a server needs it; what its decorators do is decided when it is first imported."""
    if not find_spec("xlwings") or not find_spec("xlwings_server"):
        raise FaultsError(Finding("server_missing", field="xlwings-server"))
    os.environ["XLWINGS_ON_SERVER"] = "true"
    try:
        import xlwings.pro  # noqa: F401
    except Exception as error:  # without a key xlwings cannot be imported, nor the class of its error
        if type(error).__name__ != "LicenseError":
            raise
        raise FaultsError(Finding("licence_missing", field="XLWINGS_LICENSE_KEY")) from error


def _listening(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        error.filename = f"{HOST}:{port}"
        raise


def _describe_functions() -> None:
    """Say in the reader's language what each function gives and takes, as the catalogue of measures has it."""
    from taulukko.in_excel.functions import cells

    for measure in cells.measures().values():
        told = getattr(cells, measure.name.lower()).__xlfunc__
        told["ret"]["doc"] = measure.help
        for one, argument in zip(told["args"], measure.arguments, strict=True):
            one["doc"] = argument.help


__all__ = ["HOST", "serve", "write_project"]

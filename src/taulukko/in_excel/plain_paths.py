"""Paths that a server is asked for and that would lead out of its folders: none of them is looked for."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

_DRIVE = re.compile(r"[A-Za-z]:")
NOT_FOUND = 404


def is_plain(path: str) -> bool:
    """Whether a path, decoded as often as it can be, stays where it begins.

    Example:
        >>> is_plain("/static/js/main.js"), is_plain("/static/..%2f..%2fetc%2fpasswd"), is_plain("/static//etc/passwd")
        (True, False, False)
    """
    while (decoded := unquote(path)) != path:
        path = decoded
    steps = path.removeprefix("/").split("/")
    return not any(letter in path for letter in "\\\0") and not any(
        step in ("..", ".") or _DRIVE.match(step) or (not step and place < len(steps) - 1)
        for place, step in enumerate(steps)
    )


class PlainPaths:
    """Answers that there is nothing, whatever the route, where a path is not plain."""

    def __init__(self, app: App):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = (scope.get("path", ""), scope.get("raw_path", b"").decode("latin-1"))
        if scope["type"] != "http" or all(map(is_plain, asked)):
            await self.app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": NOT_FOUND, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


__all__ = ["PlainPaths", "is_plain"]

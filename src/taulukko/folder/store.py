"""Files of a data folder replaced together: all of them or none, whatever interrupts.

A writer works in one hidden directory, named by itself, and where the directory stands tells how far it has come:

    .collecting-WRITER/WRITER/   being filled: new files, copies of the old ones, a manifest; nothing has changed yet
    .collecting/WRITER/          files are being replaced one by one; to be undone if the writer is gone
    .collecting-WRITER/          done, undone or given up: only to be deleted

It moves by a rename, and what the move relies on is on the disk before it. **The rename out of `.collecting` commits**:
before it everything is put back, after it everything stands. All that needs room is written before the first move.

`.collecting` holds one writer. A second is refused, because its files were made from what the first is changing. Every
path of a writer has its name in it and `undo` begins by changing the name, so a writer that is slow and was taken for
dead fails at its next step instead of mixing its files with another's.
"""

from __future__ import annotations

import errno
import hashlib
import itertools
import json
import os
import platform
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from taulukko.errors import Finding, OutputRefused

SLOT = ".collecting"
SHELF = "returned"
"""The one folder of a data folder that is written into: what was returned, as it was, by its digest."""
MANIFEST = "manifest.json"
LEASE = 60.0
"""Seconds a writer has, when nobody can tell whether its process lives."""
PATIENCE = 5.0
"""Seconds to wait for another writer."""
PAUSE = 0.02

_NAME = re.compile(r"(\w*)-(\d+)-(\d+)")
"""Host, process and nanoseconds since 1970."""

_here: set[str] = set()
"""The writers of this process that are at work."""


@dataclass(frozen=True, slots=True)
class Added:
    """What comes at the end of a file, which may be too large to be held.

    Attributes:
        head: what stands in the place of the first `replaced` bytes of the file.
    """

    content: bytes
    head: bytes = b""
    replaced: int = 0


@dataclass(frozen=True, slots=True)
class Copied:
    """What another file holds, as long as that is what it held when its digest was taken."""

    path: Path
    digest: str


Content = bytes | Added | Copied


def replace_files(folder: Path, files: Mapping[str, Content], seen: Mapping[str, str | None] | None = None) -> None:
    """Write files of a data folder, new or in place of old ones: all of them, or none when anything is raised.

    Files that hold their new contents already are left alone; the others keep the permissions of the old ones.

    Args:
        folder: a folder that exists.
        files: contents by plain file name, or by one in the folder `returned`.
        seen: `digest_of` what the new contents were made from.

    Raises:
        OutputRefused: somebody else is writing (`folder_busy`), or has changed a file since it was seen or while this
            began (`folder_changed`), which may also be one that is copied.
        OSError: a file cannot be written.
        ValueError: a name is not such a name.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as place:
        ...     folder = Path(place)
        ...     replace_files(folder, {"risks.csv": b"id\\n", "texts.csv": b"id\\n"})
        ...     sorted(path.name for path in folder.iterdir())
        ['risks.csv', 'texts.csv']
    """
    folder = Path(folder)
    for name in files:
        if name.removeprefix(f"{SHELF}/") != Path(name).name or name.startswith(SLOT):
            raise ValueError(name)
    recover(folder)
    try:
        with _signed(folder) as change:
            if change.prepare(files):
                change.enter(seen or {})
                change.carry_out()
    finally:
        _sweep(folder)


def recover(folder: Path) -> None:
    """Put back what a writer that died left half done; called before a data folder is read or written.

    Costs one look at the folder when there is nothing to do, and waits for a writer that is at work. A file that
    somebody has edited after the writer died is kept beside the one put back, as FILE.bak, FILE.bak2 and so on.

    Raises:
        OutputRefused: somebody is writing and does not finish (`folder_busy`).
        OSError: a file cannot be put back; the next call goes on from there.
    """
    slot = Path(folder) / SLOT
    if not slot.exists():
        return
    patience = time.monotonic() + PATIENCE
    while writers := _writers(slot):
        for writer in writers:
            if _is_gone(writer):
                _Change(Path(folder), writer).undo()
            elif time.monotonic() > patience:
                raise OutputRefused(Finding("folder_busy", str(folder)))
            else:
                time.sleep(PAUSE)
    with suppress(OSError):
        os.rmdir(slot)
    _sweep(Path(folder))


@dataclass(frozen=True, slots=True)
class _Change:
    """One writer's replacement of some files."""

    folder: Path
    writer: str

    @property
    def slot(self) -> Path:
        return self.folder / SLOT

    @property
    def home(self) -> Path:
        """Where the writer is while it replaces files."""
        return self.slot / self.writer

    @property
    def aside(self) -> Path:
        """Where it is before and after."""
        return self.folder / f"{SLOT}-{self.writer}"

    def prepare(self, files: Mapping[str, Content]) -> list[str]:
        """Write the new files and copies of the old ones aside; the names of those that differ.

        Raises:
            OutputRefused: a file that is copied has changed.
        """
        stage = self.aside / self.writer
        shelves = [side / SHELF for side in (stage / "new", stage / "old") if any(map(_is_shelved, files))]
        manifest = {}
        for place in (self.aside, stage, stage / "new", stage / "old", *shelves):
            os.mkdir(place)
        for name, new in files.items():
            path, fresh, copy = self.folder / name, stage / "new" / name, stage / "old" / name
            if not isinstance(new, Added) and _digest(new) == digest_of(path):
                continue
            if path.exists():
                _write(copy, path)
            _write_new(fresh, new, copy)
            for written in (copy, fresh) if copy.exists() else ():
                shutil.copymode(path, written)
            manifest[name] = digest_of(copy), digest_of(fresh)
        _write(stage / MANIFEST, json.dumps(manifest).encode())
        for place in (*shelves, stage / "new", stage / "old", stage, self.aside):
            _sync(place)
        return list(manifest)

    def enter(self, seen: Mapping[str, str | None]) -> None:
        """Take the slot, and see that the files are still those that were seen and copied.

        Raises:
            OutputRefused: another writer has the slot, or a file has changed.
        """
        with suppress(OSError):
            os.rmdir(self.slot)
        try:
            os.rename(self.aside, self.slot)
        except OSError as error:
            if error.errno in (errno.EEXIST, errno.ENOTEMPTY):
                raise OutputRefused(Finding("folder_busy", str(self.folder))) from None
            raise
        copied = ((name, old) for name, (old, _) in self.manifest().items())
        for name, digest in (*copied, *seen.items()):
            if digest_of(self.folder / name) != digest:
                self.leave()
                raise OutputRefused(Finding("folder_changed", str(self.folder / name)))

    def carry_out(self) -> None:
        """Replace the files and commit; put everything back when something is raised before."""
        try:
            _sync(self.folder)
            manifest = self.manifest()
            if any(map(_is_shelved, manifest)):
                with suppress(FileExistsError):
                    os.mkdir(self.folder / SHELF)
            for name in manifest:
                os.replace(self.home / "new" / name, self.folder / name)
            self.leave()
        except BaseException:
            # What cannot be put back now is put back before anybody reads the folder.
            with suppress(OSError):
                self.undo()
            raise

    def leave(self) -> None:
        """Let what has been done or undone stand."""
        if (self.folder / SHELF).is_dir():
            _sync(self.folder / SHELF)
        _sync(self.folder)
        os.rename(self.home, self.aside)
        with suppress(OSError):
            os.rmdir(self.slot)

    def undo(self) -> None:
        """Put the old files back, from wherever this writer or an earlier `undo` of its work was interrupted."""
        with _signed(self.folder) as mine:
            try:
                os.rename(self.home, mine.home)
            except FileNotFoundError:
                return
            for name, (old, new) in mine.manifest().items():
                mine._put_back(name, old, new)
            with suppress(OSError):
                os.rmdir(self.folder / SHELF)
            mine.leave()

    def _put_back(self, name: str, old: str | None, new: str) -> None:
        path, copy = self.folder / name, self.home / "old" / name
        now = digest_of(path)
        if now == old or (old is not None and not copy.exists()):
            return
        if now not in (new, None):
            os.replace(path, spare_name(path))
        if old is not None:
            os.replace(copy, path)
        elif now == new:
            os.replace(path, self.home / "new" / name)

    def manifest(self) -> dict[str, tuple[str | None, str]]:
        """The old and the new digest of each file, None for one that was not there."""
        content: dict[str, tuple[str | None, str]] = json.loads((self.home / MANIFEST).read_bytes())
        return content


@contextmanager
def _signed(folder: Path) -> Iterator[_Change]:
    """A change under a new name, which tells host, process and time; it is at work as long as the context lasts."""
    writer = f"{_host()}-{os.getpid()}-{time.time_ns()}"
    _here.add(writer)
    try:
        yield _Change(folder, writer)
    finally:
        _here.discard(writer)


def _host() -> str:
    return re.sub(r"\W", "", platform.node())


def _writers(slot: Path) -> list[str]:
    """Who has the slot: one writer, or for a moment nobody."""
    with suppress(FileNotFoundError):
        return [name for name in os.listdir(slot) if _NAME.fullmatch(name)]
    return []


def _is_gone(writer: str) -> bool:
    """Whether a writer is not at work any more, by its name."""
    name = _NAME.fullmatch(writer)
    if writer in _here or not name:
        return False
    host, process, began = name.groups()
    return time.time() - int(began) / 1e9 > LEASE or (host == _host() and not _runs(int(process)))


def _runs(process: int) -> bool:
    """Whether a process of this computer runs; where that cannot be asked, it may."""
    if process == os.getpid():
        return False
    if os.name == "nt":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _sweep(folder: Path) -> None:
    """Delete what writers have left aside, once it is certain that nothing is to be put back from it."""
    with suppress(OSError):
        _sync(folder)
        for path in folder.glob(f"{SLOT}-*"):
            if _is_gone(path.name.removeprefix(f"{SLOT}-")):
                shutil.rmtree(path, ignore_errors=True)


def spare_name(path: Path) -> Path:
    """The first free name for a copy of a file: FILE.bak, FILE.bak2 and so on."""
    names = (path.with_name(f"{path.name}.bak{number if number > 1 else ''}") for number in itertools.count(1))
    return next(name for name in names if not name.exists())


def digest_of(path: Path) -> str | None:
    """By what a content is known again; None for a file that is not there."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def _digest(content: bytes | Copied) -> str:
    return content.digest if isinstance(content, Copied) else hashlib.sha256(content).hexdigest()


def _is_shelved(name: str) -> bool:
    return name.startswith(f"{SHELF}/")


def _write_new(path: Path, new: Content, old: Path) -> None:
    """Write what a file becomes.

    Args:
        old: a copy of the file as it is, if it is there.

    Raises:
        OutputRefused: a file that is copied has changed.
    """
    if isinstance(new, Added):
        _write(path, new.head, old, new.content, skipped=new.replaced)
        return
    _write(path, new.path if isinstance(new, Copied) else new)
    if isinstance(new, Copied) and digest_of(path) != new.digest:
        raise OutputRefused(Finding("folder_changed", str(new.path)))


def _write(path: Path, *pieces: bytes | Path, skipped: int = 0) -> None:
    """Write a file to the disk, one piece after another; for a path what is in that file, if it is there.

    Args:
        skipped: how many bytes of such a file are left out at its beginning.
    """
    with path.open("wb") as file:
        for piece in pieces:
            if isinstance(piece, bytes):
                file.write(piece)
            elif piece.exists():
                with piece.open("rb") as source:
                    source.seek(skipped)
                    shutil.copyfileobj(source, file)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Write a folder's list of files to the disk, where a system lets a folder be written so."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


__all__ = ["SHELF", "Added", "Content", "Copied", "digest_of", "recover", "replace_files", "spare_name"]

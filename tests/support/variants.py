"""Templates made for a test by changing a copy of the real one, as a controller would."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from support.built import TEMPLATE

FIVE = """[scales.{scale}]
members = [
    {{ key = "very_low", value = 1 }},
    {{ key = "low", value = 2 }},
    {{ key = "medium", value = 3 }},
    {{ key = "high", value = 4 }},
    {{ key = "very_high", value = 5 }},
]
"""
LIMITS = {"low": 1, "medium": 5, "high": 15}
ENDS = {
    "fi": ("hyvin pieni", "hyvin suuri"),
    "sv": ("mycket liten", "mycket stor"),
    "en": ("very low", "very high"),
}


def copy_template(folder: Path) -> Path:
    """A copy of osavuosikatsaus in the folder."""
    return Path(shutil.copytree(TEMPLATE, folder))


def add_labels(template: Path, labels: dict[str, str]) -> None:
    """Append to the label file of each language."""
    for language, text in labels.items():
        path = template / f"labels.{language}.toml"
        path.write_text(path.read_text(encoding="utf-8") + "\n" + text, encoding="utf-8")


def five_by_five(folder: Path) -> Path:
    """The variant `viisi`: likelihood and impact from 1 to 5, risk levels from 1, 5 and 15."""
    copy_template(folder)
    head = (folder / "template.toml").read_text(encoding="utf-8")
    head = _once(r'^name = "osavuosikatsaus"$', 'name = "viisi"', head)
    for scale in ("likelihood", "impact"):
        head = _once(rf"^\[scales\.{scale}\]\nmembers = .*\n", FIVE.format(scale=scale), head)
    for level, limit in LIMITS.items():
        head = _once(rf'(key = "{level}", tone = "[a-z]+", from = )[0-9]+', rf"\g<1>{limit}", head)
    (folder / "template.toml").write_text(head, encoding="utf-8")
    for language, (least, most) in ENDS.items():
        path = folder / f"labels.{language}.toml"
        labels = path.read_text(encoding="utf-8")
        for scale in ("likelihood", "impact"):
            new = f'[scales.{scale}]\nvery_low = "{least}"\nvery_high = "{most}"\n'
            labels = _once(rf"^\[scales\.{scale}\]\n", new, labels)
        path.write_text(labels, encoding="utf-8")
    return folder


def _once(pattern: str, new: str, text: str) -> str:
    changed, count = re.subn(pattern, new, text, flags=re.MULTILINE)
    assert count == 1, f"{pattern} stands {count} times in the template"
    return changed

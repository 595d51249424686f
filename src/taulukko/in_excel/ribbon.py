"""The add-in's tab on the ribbon: a button for each action, in one language."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from taulukko.in_excel.macros import ACTIONS, Action
from taulukko.messages import Say

NAMESPACE = "http://schemas.microsoft.com/office/2006/01/customui"
"""The elements of Excel 2007, which later versions on Windows and Mac know as well."""
IMAGES = {
    "recompute": "CalculateNow",
    "check": "ErrorChecking",
    "statuses": "ConditionalFormattingMenu",
    "forecast": "ChartTrendline",
    "undo": "Undo",
}
"""Pictures that Excel has; one that it lacks is left out and the words stay."""


def ribbon(say: Say) -> str:
    """The XML of the tab.

    Example:
        >>> ribbon(Say("en")).count("<button ")
        5
    """
    buttons = "".join(_button(Action(key), say) for key in ACTIONS)
    group = f'<group id="taulukkoGroup" label={quoteattr(say.text("ribbon.group"))}>{buttons}</group>'
    tab = f'<tab id="taulukkoTab" label={quoteattr(say.text("ribbon.tab"))}>{group}</tab>'
    return f'<customUI xmlns="{NAMESPACE}"><ribbon><tabs>{tab}</tabs></ribbon></customUI>'


def _button(action: Action, say: Say) -> str:
    words = {
        "id": f"taulukko{action.key.title()}",
        "label": say.text(f"ribbon.{action.key}"),
        "screentip": say.text(f"ribbon.{action.key}"),
        "supertip": say.text(f"ribbon.{action.key}_note"),
        "imageMso": IMAGES[action.key],
        "size": "large",
        "onAction": action.callback,
    }
    return f"<button {' '.join(f'{name}={quoteattr(text)}' for name, text in words.items())}/>"


__all__ = ["NAMESPACE", "ribbon"]

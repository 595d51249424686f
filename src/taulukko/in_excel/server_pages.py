"""The task pane and the manifest of the add-in that a server offers, as templates that the server fills in."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from taulukko.messages import Say
from taulukko.program.actions import ACTIONS

LOCALES = {"fi": "fi-FI", "sv": "sv-SE", "en": "en-US"}
BASE = "{{ base_url_with_app_path }}"
"""Where the server is, as the client called it."""
IMAGES = "{{ base_url }}{{ settings.static_url_path }}/images/icons/xlwings-"
SIZES = (16, 32, 80)

_OFFICE = "http://schemas.microsoft.com/office"
_SPACES = (
    f'xmlns="{_OFFICE}/appforoffice/1.1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    f' xmlns:bt="{_OFFICE}/officeappbasictypes/1.0"'
)
_OVERRIDES = f'xmlns="{_OFFICE}/taskpaneappversionoverrides" xsi:type="VersionOverridesV1_0"'
_ICONS = "".join(f'<bt:Image size="{size}" resid="Icon.{size}"/>' for size in SIZES)


def pane(say: Say) -> str:
    """The task pane: a button for each action, and what it does."""
    buttons = "\n".join(
        f'  <button type="button" class="btn btn-outline-primary w-100 mt-3" xw-click="{key}">'
        f"{escape(say.text(f'ribbon.{key}'))}</button>\n"
        f'  <p class="small mt-1 mb-0">{escape(say.text(f"ribbon.{key}_note"))}</p>'
        for key in ACTIONS
    )
    return (
        '{% extends "base.html" %}\n{% block content %}\n'
        f'<main class="container-fluid pb-3" lang="{say.language}">\n{buttons}\n'
        f'  <p class="small mt-4">{escape(say.text("serve.pane_note"))}</p>\n</main>\n{{% endblock content %}}\n'
    )


def manifest(say: Say) -> str:
    """What tells Excel of the add-in: its tab on the ribbon, its pane, and where its functions are."""
    tab, about = say.text("ribbon.tab"), say.text("ribbon.about")
    short = {"Tab.Label": tab, "Group.Label": say.text("ribbon.group"), "Pane.Label": say.text("serve.pane")}
    short |= {f"{key}.Label": say.text(f"ribbon.{key}") for key in ACTIONS}
    long = {"Pane.Note": say.text("serve.pane_note")}
    long |= {f"{key}.Note": say.text(f"ribbon.{key}_note") for key in ACTIONS}
    urls = {
        "Pane.Url": f"{BASE}/taskpane.html",
        "Script.Url": f"{BASE}/xlwings/custom-functions-code.js",
        "Metadata.Url": f"{BASE}/xlwings/custom-functions-meta.json",
    }
    images = {f"Icon.{size}": f"{IMAGES}{size}.png" for size in SIZES}
    pane_action = '<TaskpaneId>taulukkoPane</TaskpaneId><SourceLocation resid="Pane.Url"/>'
    controls = [_control(key, "ExecuteFunction", f"<FunctionName>{key}</FunctionName>") for key in ACTIONS]
    controls.append(_control("Pane", "ShowTaskpane", pane_action))
    return f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<OfficeApp {_SPACES} xsi:type="TaskPaneApp">
<Id>{{{{ manifest_id }}}}</Id>
<Version>1.0.0.0</Version>
<ProviderName>taulukko</ProviderName>
<DefaultLocale>{LOCALES[say.language]}</DefaultLocale>
<DisplayName DefaultValue={quoteattr(tab)}/>
<Description DefaultValue={quoteattr(about)}/>
<IconUrl DefaultValue="{IMAGES}32.png"/>
<HighResolutionIconUrl DefaultValue="{IMAGES}80.png"/>
<SupportUrl DefaultValue="{BASE}/taskpane.html"/>
<AppDomains><AppDomain>{BASE}</AppDomain></AppDomains>
<Hosts><Host Name="Workbook"/></Hosts>
<Requirements><Sets DefaultMinVersion="1.1"><Set Name="SharedRuntime" MinVersion="1.1"/></Sets></Requirements>
<DefaultSettings><SourceLocation DefaultValue="{BASE}/taskpane.html"/></DefaultSettings>
<Permissions>ReadWriteDocument</Permissions>
<VersionOverrides {_OVERRIDES}>
<Hosts><Host xsi:type="Workbook">
<Runtimes><Runtime resid="Pane.Url" lifetime="long"/></Runtimes>
<AllFormFactors><ExtensionPoint xsi:type="CustomFunctions">
<Script><SourceLocation resid="Script.Url"/></Script>
<Page><SourceLocation resid="Pane.Url"/></Page>
<Metadata><SourceLocation resid="Metadata.Url"/></Metadata>
</ExtensionPoint></AllFormFactors>
<DesktopFormFactor>
<FunctionFile resid="Pane.Url"/>
<ExtensionPoint xsi:type="PrimaryCommandSurface"><CustomTab id="taulukkoTab"><Group id="taulukkoGroup">
<Label resid="Group.Label"/>
<Icon>{_ICONS}</Icon>
{"".join(controls)}</Group><Label resid="Tab.Label"/></CustomTab></ExtensionPoint>
</DesktopFormFactor>
</Host></Hosts>
<Resources>
{_resources("Images", "Image", images)}
{_resources("Urls", "Url", urls)}
{_resources("ShortStrings", "String", short)}
{_resources("LongStrings", "String", long)}
</Resources>
</VersionOverrides>
</OfficeApp>
"""


def _control(key: str, kind: str, action: str) -> str:
    """A button on the ribbon."""
    label = f'resid="{key}.Label"'
    return (
        f'<Control xsi:type="Button" id="taulukko{key.title()}"><Label {label}/>'
        f'<Supertip><Title {label}/><Description resid="{key}.Note"/></Supertip>'
        f'<Icon>{_ICONS}</Icon><Action xsi:type="{kind}">{action}</Action></Control>\n'
    )


def _resources(group: str, kind: str, texts: dict[str, str]) -> str:
    entries = "\n".join(f'<bt:{kind} id="{name}" DefaultValue={quoteattr(text)}/>' for name, text in texts.items())
    return f"<bt:{group}>\n{entries}\n</bt:{group}>"


__all__ = ["manifest", "pane"]

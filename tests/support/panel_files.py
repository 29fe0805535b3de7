"""The configuration files of the panels in tests: one bar on top, its tray at the left end."""

from pathlib import Path

COMMANDS = {
    "xfce4-panel": ["xfce4-panel", "--disable-wm-check"],
    "lxqt-panel": ["lxqt-panel"],
    "trayer": [
        *("trayer", "--edge", "top", "--align", "left", "--height", "28"),
        *("--widthtype", "percent", "--width", "100", "--transparent", "false"),
    ],
}
"""How each panel is started."""

_XFCE = """\
<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="size" type="uint" value="30"/>
      <property name="icon-size" type="uint" value="22"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray">
      <property name="square-icons" type="bool" value="true"/>
    </property>
  </property>
</channel>
"""
_LXQT = """\
[General]
iconTheme=Adwaita
[panel1]
plugins=statusnotifier
position=Top
panelSize=32
iconSize=22
width=100
width-percent=true
[statusnotifier]
type=statusnotifier
"""
_LXQT_LOOK = """\
[General]
icon_theme=Adwaita
[Qt]
style=Fusion
"""


def write_panel_files(config: Path) -> None:
    """Write the files of every panel below a user's configuration directory."""
    for name, text in (
        ("xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml", _XFCE),
        ("lxqt/panel.conf", _LXQT),
        ("lxqt/lxqt.conf", _LXQT_LOOK),
    ):
        path = config / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

"""amp-tray: what your coding agents cost, in the tray, the terminal and the editor."""

__version__ = "0.1.0"

#!/usr/lib/amp-tray/bin/python3 -sP
"""Start amp-tray, with the libraries that came with it."""

from amp_tray.app.main import main

main()

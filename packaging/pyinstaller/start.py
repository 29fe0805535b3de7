"""Where the bundle begins."""

from amp_tray.app.main import main

main()

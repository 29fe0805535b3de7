#!/usr/lib/amp-tray/bin/python3 -sPS
"""Start amp-tray, with the libraries that came with it and Debian's PyGObject.

Without `site` (-S), which at each start would look through Debian's and the administrator's
Python packages, and run what those have run when Python starts.
"""

import sys

sys.path += [
    sys.executable.removesuffix("bin/python3") + "lib/python3.11/site-packages",
    "/usr/lib/python3/dist-packages",
]

from amp_tray.app.main import main

main()

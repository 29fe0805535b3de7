"""`python -m amp_tray` and the `amp-tray` script."""

from amp_tray.app.main import main

if __name__ == "__main__":
    main()

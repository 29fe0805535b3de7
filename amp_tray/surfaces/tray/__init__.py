"""The tray: a client of the service like any editor."""

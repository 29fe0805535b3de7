"""Ways to put the tray on a desktop: one interface, one module a platform mechanism."""

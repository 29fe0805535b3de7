"""Where rates come from: the bundled catalogue, what refreshes found, the user's own prices."""

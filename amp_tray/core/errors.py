"""The one base of every error a user may see: a title, a message and what to do next."""


class AmpTrayError(Exception):
    """A failure that is explained to the user, never shown as a traceback.

    Attributes:
        title: what failed, a few words.
        message: what is wrong, one sentence that names the value or path.
        hint: what the user can do, or an empty string.
    """

    title = "amp-tray failed"

    def __init__(self, message: str, *, hint: str = "", title: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if title:
            self.title = title


class UnknownSessionError(AmpTrayError):
    """A session id, or prefix of one, names no session or several."""

    title = "unknown session"


class UsageError(AmpTrayError):
    """The caller asked for something that cannot be (exit code 2, RPC invalid params)."""

    title = "wrong usage"

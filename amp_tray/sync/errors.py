"""What can go wrong between this program and `amp`; no message quotes what `amp` printed."""

from amp_tray.core.errors import AmpTrayError


class SyncError(AmpTrayError):
    """A round, or a question to `amp`, that came to nothing."""

    title = "nothing was fetched"


class NotInstalledError(SyncError):
    """There is no `amp` program."""


class NotSignedInError(SyncError):
    """The `amp` program asks its user to sign in."""


class CallError(SyncError):
    """One run of `amp` failed: it hung, said too much, or ended with a failure."""


class BadAnswerError(SyncError):
    """What `amp` printed is not what its contract says."""


class BusyError(SyncError):
    """Another process fetches threads at this moment."""


class StoppedError(SyncError):
    """This program ends, and so does the round."""

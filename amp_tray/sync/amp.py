"""Asking the `amp` program: the list of threads, one thread's export, the balance.

Source: the command lines of published Amp builds, January to September 2026.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from amp_tray.sync.child import Finished, Stop, run_child
from amp_tray.sync.errors import BadAnswerError, CallError, NotSignedInError
from amp_tray.sync.listing import Listing, is_thread_id, parse_listing

MIB = 1024 * 1024
_MOST_LIST_BYTES = 64 * MIB
_MOST_USAGE_BYTES = 64 * 1024
_USAGE_SECONDS = 15
_BOM = b"\xef\xbb\xbf"
# Where its answer is a failure: what it says of it, in the words of several builds.
_SIGN_IN = re.compile(
    rb"amp login|not (?:logged|signed) in|(?:log|sign) in (?:to|first|with)|please (?:log|sign) in"
    rb"|login required|unauthori[sz]ed|invalid api key|no api key|AMP_API_KEY",
    re.IGNORECASE,
)
_BROKEN = "`amp` ended with code {code} at `amp {words}`"
_TRY_IT = "`amp {words}` in a terminal shows why"


class Amp(NamedTuple):
    """The user's `amp` program and how it is run.

    Attributes:
        program: its path.
        env: its whole environment.
        cwd: where it runs.
        seconds: how long a run may take.
        most_export_bytes: how large an export may be.
        stop: ends a run from another thread.
    """

    program: Path
    env: Mapping[str, str]
    cwd: Path
    seconds: int
    most_export_bytes: int
    stop: Stop

    def threads(self) -> Listing:
        """Return the list of threads, as long as the build makes it by itself.

        Raises:
            NotSignedInError, CallError, BadAnswerError: it cannot be had.
            StoppedError: this program ends.
        """
        return parse_listing(self._run(("threads", "list", "--json"), _MOST_LIST_BYTES))

    def more_threads(self, offset: int, limit: int) -> Listing | None:
        """Return the rows of the list from `offset` on; None where the build knows no pages."""
        words = ("threads", "list", "--json", "--limit", str(limit), "--offset", str(offset))
        try:
            return parse_listing(self._run(words, _MOST_LIST_BYTES))
        except (CallError, BadAnswerError):
            return None

    def export(self, thread_id: str) -> bytes:
        """Return a thread as JSON; raises as `threads`."""
        if not is_thread_id(thread_id):
            raise BadAnswerError("an id that is none was asked for")
        return self._run(("threads", "export", thread_id), self.most_export_bytes)

    def usage(self) -> str:
        """Return what `amp usage` says of the balance; raises as `threads`."""
        said = self._run(("usage",), _MOST_USAGE_BYTES, min(self.seconds, _USAGE_SECONDS))
        return said.decode("utf-8", "replace")

    def _run(self, words: tuple[str, ...], most_bytes: int, seconds: int | None = None) -> bytes:
        done = run_child(
            (str(self.program), *words),
            env=self.env,
            cwd=self.cwd,
            seconds=self.seconds if seconds is None else seconds,
            most_bytes=most_bytes,
            stop=self.stop,
        )
        if done.code == 0:
            return done.output.removeprefix(_BOM)
        if _wants_sign_in(done):
            raise NotSignedInError("`amp` is not signed in", hint="sign in with `amp login`")
        told = " ".join(words)
        raise CallError(_BROKEN.format(code=done.code, words=told), hint=_TRY_IT.format(words=told))


def _wants_sign_in(done: Finished) -> bool:
    # Of a failed export only the head: a thread's text may well speak of signing in.
    return _SIGN_IN.search(done.errors + done.output[:2000]) is not None

"""Whether a connection's peer may ask: the kernel vouches for it, or it shows a token."""

import hmac


class Admission:
    """One connection's state.

    Attributes:
        granted: it may ask everything.
        refused: it showed a wrong token, and the connection ends.
    """

    __slots__ = ("_token", "granted", "refused")

    def __init__(self, token: str | None = None) -> None:
        """Begin with a peer that has shown nothing.

        Args:
            token: what it has to show; None where it need show nothing.
        """
        self._token = token
        self.granted = token is None
        self.refused = False

    def show(self, token: str) -> bool:
        """Take what the peer shows and tell whether it is the token; a wrong one is the last.

        Where none is needed any will do: the peer is known without.
        """
        if self._token is not None:
            # In constant time: how long it takes tells nothing of how much was right.
            same = hmac.compare_digest(_bytes(token), _bytes(self._token))
            self.refused |= not same
            self.granted = not self.refused
        return self.granted


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")

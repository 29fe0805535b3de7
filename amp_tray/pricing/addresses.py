"""Which addresses may be asked for prices, and how one is shown without what is secret in it."""

import ipaddress
from typing import TYPE_CHECKING

from amp_tray.core.text import clean

if TYPE_CHECKING:
    import httpx

_LAST_PORT = 65_535


def trouble(url: "httpx.URL", *, https_only: bool = False) -> str:
    """Return why an address may not be asked, an empty string if it may.

    What travels without TLS has to stay on this machine; passwords are never sent, so that
    an address that holds one is a mistake.

    Args:
        https_only: refuse plain http on this machine too.
    """
    if url.scheme not in {"https", "http"}:
        return f"{clean(url.scheme, 20)!r} is neither https nor http"
    if not url.host or not 0 < (443 if url.port is None else url.port) <= _LAST_PORT:
        return "it names no host and port"
    if url.userinfo:
        return "it holds a user name or a password, which are never sent"
    if url.scheme == "http" and (https_only or not is_loopback(url)):
        return f"{shown(url)} would be asked without TLS"
    return ""


def is_loopback(url: "httpx.URL") -> bool:
    """Say whether an address is on this machine, whatever a name server says."""
    if url.host == "localhost":
        return True
    try:
        return ipaddress.ip_address(url.host).is_loopback
    except ValueError:
        return False


def shown(url: "httpx.URL") -> str:
    """Return the host, and the port where it is named, as they may be shown."""
    return clean(url.netloc.decode("ascii", "replace"), 100)

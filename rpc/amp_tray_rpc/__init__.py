"""The wire of amp-tray: JSON-RPC 2.0 over a local socket, server and clients.

Importable without the program: nothing here imports `amp_tray`. `client`, `aio` and `address`
need the standard library alone; only `dispatch` and `server` load the server's libraries.
"""

PROTOCOL = "1.0"
"""Version of the contract, "major.minor": a new major breaks clients, a new minor only adds."""

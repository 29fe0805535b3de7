"""The program with its two long-running commands."""

from collections.abc import Callable

from amp_tray.app.program import Program


class Application(Program):
    """What the command line acts on."""

    __slots__ = ()

    def serve(
        self,
        *,
        say: Callable[[str], None],
        offline: bool = False,
        transport: str | None = None,
        detached: bool = False,
    ) -> None:
        """Run the service until it is told to stop; detached, without output once it listens."""
        from amp_tray.app.serving import serve

        serve(self._with(offline=offline, transport=transport), say=say, detached=detached)

    def run(self, *, say: Callable[[str], None], offline: bool = False) -> None:
        """Show the tray, and be the service too where none runs; returns after Quit."""
        from amp_tray.app.tray_hosting import run_tray_and_service

        run_tray_and_service(self._with(offline=offline), say=say)

    def _with(self, *, offline: bool, transport: str | None = None) -> Program:
        """Return the program with options of the command line put over the environment."""
        given = {"AMP_TRAY_OFFLINE": "1"} if offline else {}
        if transport is not None:
            given["AMP_TRAY_TRANSPORT"] = transport
        if not given:
            return self
        own_env = None if self.own_env is None else {**self.own_env, **given}
        return self._replace(env={**self.env, **given}, own_env=own_env)

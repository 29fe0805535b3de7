"""`amp-tray completion`: the script that teaches a shell to complete this program's words."""

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a SHELL.

    \b
    Put one line into the file that your shell reads when it starts:
      bash  ~/.bashrc                  eval "$(amp-tray completion bash)"
      zsh   ~/.zshrc                   eval "$(amp-tray completion zsh)"
      fish  ~/.config/fish/config.fish amp-tray completion fish | source
    """  # noqa: D301 - \b keeps the lines
    kind = get_completion_class(shell)
    assert kind is not None
    root = ctx.find_root()
    click.echo(kind(root.command, {}, "amp-tray", "_AMP_TRAY_COMPLETE").source())

"""`massivetext serve`: serves the report over the whole run to a browser on this machine."""

import contextlib

import click

from massivetext.pipeline.commands.guarded import guarded


@click.command()
@click.argument("out")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on. Default: a free one."
)
def serve(out: str, port: int) -> None:
    """Serve a run's report to a browser on this machine. Adds exact what-if, search, duplicates, sequences, notes."""
    from massivetext.pipeline.serve.serve import serve as open_server

    server = guarded(lambda: open_server(out.rstrip("/"), port))
    click.echo(f"{server.address}\nPress Ctrl-C to end. Only this user can open the address.")
    with server, contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()

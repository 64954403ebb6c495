"""`massivetext serve`: the report over the whole run, in a browser on this machine."""

import contextlib

import click

from massivetext.pipeline.commands.guarded import guarded


@click.command()
@click.argument("out")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on. Default: any free one."
)
def serve(out: str, port: int) -> None:
    """Serve the report of a run to a browser on this machine: exact what-if, search, duplicates, sequences, notes."""
    from massivetext.pipeline.serve.serve import serve as open_server

    server = guarded(lambda: open_server(out.rstrip("/"), port))
    click.echo(f"{server.address}\nCtrl-C ends it; nobody else can open this address")
    with server, contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()

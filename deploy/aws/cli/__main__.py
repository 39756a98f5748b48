"""python -m cli up|down|status: the entry of deploy/aws/up and its siblings."""

import sys

from cli import down, errors, options, status, up
from cli.cloud import aws_errors


def main() -> int:
    arguments = options.parse(sys.argv[1:])
    command = {"up": up.run, "down": down.run, "status": status.run}[arguments.command]
    try:
        with aws_errors():
            return command(arguments)
    except errors.Stop as stop:
        print(f"error: {stop}" if stop.code != errors.DECLINED else str(stop), file=sys.stderr)
        return stop.code
    except KeyboardInterrupt:
        print(
            "\ninterrupted: what AWS has begun goes on by itself; the same command again continues with it",
            file=sys.stderr,
        )
        return errors.INTERRUPTED


sys.exit(main())

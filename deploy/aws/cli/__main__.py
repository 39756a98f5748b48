"""python -m cli up|down|status: the entry point of the commands."""

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
            "\ninterrupted: AWS completes the operations that have started; "
            "run the same command again to continue",
            file=sys.stderr,
        )
        return errors.INTERRUPTED


sys.exit(main())

"""A bash that runs the commands of a page one after the other, as its reader does: variables and
the working folder stay."""

import os
import pathlib
import signal
import subprocess
import uuid

# The reader's configuration must not change an output. The locale stays as it is: ccache finds
# nothing that was compiled with another one.
ENVIRONMENT = {"TZ": "UTC", "PAGER": "cat", "PSQLRC": "/dev/null", "COLUMNS": "120"}


class Shell:
    def __init__(self, folder: pathlib.Path, environment: dict[str, str]):
        self.mark = f"end-{uuid.uuid4().hex}"
        self.process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=folder,
            env=os.environ | ENVIRONMENT | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, command: str) -> tuple[list[str], int]:
        """Returns the lines of the output, and the exit status."""
        text = f"{{\n{command}\n}} </dev/null\nprintf '\\n%s %d\\n' {self.mark} $?\n"
        self.process.stdin.write(text)
        self.process.stdin.flush()
        lines: list[str] = []
        for line in self.process.stdout:
            line = line.rstrip("\n")
            if line.startswith(self.mark):
                # The line before it ends the last line of an output without a line feed.
                if lines and lines[-1] == "":
                    lines.pop()
                return lines, int(line.split()[1])
            lines.append(line)
        raise RuntimeError(f"the shell ended in: {command}")

    def close(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

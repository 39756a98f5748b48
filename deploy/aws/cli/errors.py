"""Exit codes, and the exceptions that end a command."""

OK, FAILED, WRONG_USE, DECLINED, INTERRUPTED = 0, 1, 2, 3, 130


class Stop(Exception):
    """Ends the command with a message for the user and an exit code."""

    code = FAILED


class WrongUse(Stop):
    """Invalid flags, parameters or settings; nothing was changed."""

    code = WRONG_USE


class Declined(Stop):
    """The user answered no."""

    code = DECLINED

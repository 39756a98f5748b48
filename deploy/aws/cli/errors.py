"""How a command ends other than well."""

OK, FAILED, WRONG_USE, DECLINED, INTERRUPTED = 0, 1, 2, 3, 130


class Stop(Exception):
    """Ends the command with a message for the person and an exit code."""

    code = FAILED


class WrongUse(Stop):
    """Flags, parameters or settings that cannot be; nothing was begun."""

    code = WRONG_USE


class Declined(Stop):
    """The person said no."""

    code = DECLINED

"""How each test of a run ended."""
import unittest


class Outcomes(unittest.TestResult):
    """Keeps how each test ended, by its id without attributes; what a class does for its tests by the name of the class."""

    def __init__(self):
        super().__init__()
        self.of = {}

    def keep(self, test, outcome, reason=''):
        self.of[test.id().split('[')[0]] = {'outcome': outcome, 'reason': reason}

    def addSuccess(self, test, details=None):
        self.keep(test, 'passed')

    def addError(self, test, err=None, details=None):
        self.keep(test, 'failed', reason_of(err, details))

    addFailure = addError

    def addSkip(self, test, reason=None, details=None):
        self.keep(test, 'skipped', reason or (details['reason'].as_text() if details else ''))

    def addExpectedFailure(self, test, err=None, details=None):
        self.keep(test, 'passed')

    def addUnexpectedSuccess(self, test, details=None):
        self.keep(test, 'failed', 'It was expected to fail.')


def reason_of(err, details):
    """The end of what is thrown, in one line; testtools hands it over as a text."""
    text = str(err[1]) if err else next((one.as_text() for name, one in details.items() if 'traceback' in name), '')
    lines = [line for line in text.strip().splitlines() if line and not line.startswith(' ')]
    return ' '.join(lines)[-400:]

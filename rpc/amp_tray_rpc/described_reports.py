"""What each report method returns, and how it is used; see `described`."""

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import BaseModel

from amp_tray_rpc import documents
from amp_tray_rpc.descriptions import Described, Example
from amp_tray_rpc.errors import unknown_session

_COUNTS = '"totalTokens":300,"credits":0,"totalCost":0.3,…'
_REPORT = (
    "The document is the one that `amp-tray report {kind} --json` prints. Absent params mean the "
    "program's defaults; `null` is as good as absent."
)


def _report(kind: str, result: type[BaseModel], *examples: Example) -> Described:
    return Described(_REPORT.format(kind=kind), result, examples)


def _rows(key: str, head: str) -> str:
    return f'{{"{key}":[{{{head},{_COUNTS}}}],"totals":{{{_COUNTS}}},"meta":{{…}}}}'


REPORTS: Mapping[str, Described] = MappingProxyType(
    {
        "report.daily": _report(
            "daily",
            documents.DailyReport,
            Example(
                "the last seven days, newest first",
                _rows("daily", '"date":"2026-11-22"'),
                {"since": "7d", "order": "desc"},
            ),
            Example(
                "two days of one project, with no word of money",
                _rows("daily", '"date":"2026-11-22"').replace('"totalCost":0.3,', ""),
                {"last": 2, "project": "shop", "noCost": True},
            ),
        ),
        "report.weekly": _report(
            "weekly",
            documents.WeeklyReport,
            Example(
                "four weeks that begin on Sunday",
                _rows("weekly", '"week":"2026-11-16"'),
                {"last": 4, "startOfWeek": "sunday"},
            ),
        ),
        "report.monthly": _report(
            "monthly",
            documents.MonthlyReport,
            Example(
                "months in another zone, at list price",
                _rows("monthly", '"month":"2026-11"'),
                {"timezone": "Europe/Berlin", "mode": "calculate"},
            ),
        ),
        "report.session": Described(
            _REPORT.format(kind="session") + " With `sessionId` it has that session alone.",
            documents.SessionReport,
            (
                Example(
                    "the sessions of a model",
                    _rows("sessions", '"sessionId":"T-0199aaaa-bbbb-7ccc-8ddd-00000000000a",…'),
                    {"model": "opus"},
                ),
                Example(
                    "one session",
                    _rows("sessions", '"sessionId":"T-0199aaaa-bbbb-7ccc-8ddd-00000000000a",…'),
                    {"sessionId": "T-0199aaaa-bbbb-7ccc-8ddd-00000000000a"},
                ),
            ),
            (unknown_session(),),
        ),
        "report.blocks": _report(
            "blocks",
            documents.BlocksReport,
            Example(
                "the newest block, with its rate if it is active",
                _rows("blocks", '"startTime":"2026-11-22T00:00:00.000Z",…'),
                {"last": 1},
            ),
        ),
        "report.project": _report(
            "project",
            documents.ProjectReport,
            Example(
                "projects of this month so far",
                _rows("projects", '"project":"shop","sessions":1'),
                {"since": "20261101", "until": "today"},
            ),
        ),
    }
)
"""By name, in the order of the method table."""

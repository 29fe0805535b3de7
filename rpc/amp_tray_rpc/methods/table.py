"""Every method the wire answers, listed by hand: what is not here cannot be called."""

from types import MappingProxyType

from amp_tray_rpc.messages import (
    AuthenticateParams,
    HelloParams,
    NoParams,
    PauseParams,
    PeriodReportParams,
    ReportParams,
    SessionReportParams,
    ThreadParams,
    WeeklyReportParams,
)
from amp_tray_rpc.methods import discovery, pricing, service, session, usage
from amp_tray_rpc.methods.context import Method
from amp_tray_rpc.methods.report import report_of

_ROWS = (
    Method("session.hello", HelloParams, session.hello, "who answers", before_ready=True),
    Method(
        "session.authenticate",
        AuthenticateParams,
        session.authenticate,
        "show the token, on TCP first of all",
        before_ready=True,
        before_admission=True,
    ),
    Method("usage.summary", NoParams, usage.summary, "today, this month, the last days"),
    Method("usage.thread", ThreadParams, usage.thread, "one session in detail"),
    Method("usage.subscribe", NoParams, usage.subscribe, "be told of every change"),
    Method("usage.unsubscribe", NoParams, usage.unsubscribe, "be told no more"),
    Method("report.daily", PeriodReportParams, report_of("daily"), "usage by day"),
    Method("report.weekly", WeeklyReportParams, report_of("weekly"), "usage by week"),
    Method("report.monthly", PeriodReportParams, report_of("monthly"), "usage by month"),
    Method("report.session", SessionReportParams, report_of("session"), "usage by session"),
    Method(
        "report.blocks", PeriodReportParams, report_of("blocks"), "usage by blocks of five hours"
    ),
    Method("report.project", ReportParams, report_of("project"), "usage by project"),
    Method("service.status", NoParams, service.status, "health", before_ready=True),
    Method("service.refresh", NoParams, service.refresh, "rescan now"),
    Method("service.pause", PauseParams, service.pause, "stop reading files, or go on"),
    Method("service.shutdown", NoParams, service.shutdown, "stop", before_ready=True),
    Method("pricing.refresh", NoParams, pricing.refresh, "ask for today's list prices"),
    Method(
        "rpc.discover", NoParams, discovery.discover, "all this for programs", before_ready=True
    ),
)

METHODS = MappingProxyType({row.name: row for row in _ROWS})
"""Method name → row, in the order of the documentation."""

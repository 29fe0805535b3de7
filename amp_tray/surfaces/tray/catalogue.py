"""Every sentence of the tray in one language, notifications too, and how that language counts.

A translation is another `Catalogue`: its templates name their arguments in braces and may put
them in any order, `Plural` has as many forms as its numbers need. Amounts stay USD in each.
Nothing is worded anywhere else; `text` fills the templates in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from amp_tray.core import figures


@dataclass(frozen=True, slots=True)
class Plural:
    """A template for each form that a language's numbers have; `{count}` is the number.

    Attributes:
        form_of: the number's form, such as 0 for one and 1 for all others in English.
    """

    forms: tuple[str, ...]
    form_of: Callable[[int], int] = lambda count: int(count != 1)

    def of(self, count: int) -> str:
        """Return the template for a number."""
        return self.forms[self.form_of(count)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """One language; a translation replaces what differs."""

    money: Callable[[Decimal], str] = figures.money
    cost: Callable[[Decimal, int], str] = figures.cost
    tokens: Callable[[int], str] = figures.tokens
    credits: Callable[[Decimal], str] = figures.credits_text
    number: Callable[[int], str] = figures.short_number
    decimal: Callable[[Decimal], str] = "{:,.1f}".format
    month_name: Callable[[str], str | None] = figures.month_name
    ago: Callable[[datetime, datetime], str] = figures.ago
    joint: str = " · "
    comma: str = ", "

    figure: str = "{name}: {usage}"
    projected: str = "{usage} (projected {cost})"
    today: str = "Today"
    week: str = "Last 7 days: {bars}"
    no_usage: str = "No usage found yet"
    nothing_today: str = "nothing yet"
    partly_unpriced: str = "{amount} +?"
    glance: str = "{today} — {month}"
    noted: str = "{glance} ({note})"

    budget: str = "{period} budget: {used} of {limit} ({share} %)"
    daily: str = "Daily"
    weekly: str = "Weekly"
    monthly: str = "Monthly"

    threads_today: str = "Threads today"
    no_threads_today: str = "No threads today"
    recent_threads: str = "Recent threads"
    models: str = "Models this month"
    projects: str = "Projects this month"
    thread: str = "{title} — {cost}"
    recent_thread: str = "{title} — {cost} · {age}"
    share: str = "{name} — {cost} · {tokens}"
    untitled: str = "Untitled thread"
    unnamed: str = "?"
    no_project: str = "No project"
    more: str = "{names} and {count} more"
    others: Plural = Plural(("and {count} more", "and {count} more"))

    thread_cost: str = "Cost: {cost}"
    thread_total: str = "Total: {tokens}"
    thread_input: str = "Input: {tokens}"
    thread_output: str = "Output: {tokens}"
    thread_cache_write: str = "Cache writes: {tokens}"
    thread_cache_read: str = "Cache reads: {tokens}"
    thread_models: Plural = Plural(("Model: {names}", "Models: {names}"))
    no_model: str = "Model: not recorded"
    thread_project: str = "Project: {name}"
    thread_activity: str = "Last activity: {age}"
    not_recorded: str = "not recorded"
    open_thread: str = "Open in browser"
    copy_id: str = "Copy id"
    show_file: str = "Show file"

    connecting: str = "Connecting to the service…"
    starting: str = "Reading threads…"
    unusable: str = "The service's answer cannot be used, trying again"
    offline: str = "No connection to the service, trying again"
    paused: str = "Paused: new usage is not read"
    stale: str = "Figures may be out of date: last read {age}"
    newest: str = "Newest thread: {age}"
    server_threads: str = figures.SERVER_THREADS
    sync_runs: str = "Runs your own amp: threads list, threads export, usage"
    sync_keeps: str = "amp signs in by itself; exports are kept beside the ledger"
    turn_on_sync: str = "Turn on sync"
    newest_is_old: str = "{newest} — {notice}"
    unreadable: Plural = Plural(
        ("{count} file could not be read", "{count} files could not be read")
    )
    trouble: str = "{file}: {message}"
    unpriced: str = "Unpriced: {models}"
    unpriced_model: str = "{model} ({tokens})"
    click_failed: str = "{what}: {why}"
    unexpected: str = "failed, the log says more"
    file_gone: str = "the thread's file is not there any more"
    page_missing: str = "the thread has no page"
    not_connected: str = "there is no connection to the service"
    gathered: Plural = Plural(("{first}, and {count} more", "{first}, and {count} more"))

    notice_near: str = "{period} budget nearly used up"
    notice_over: str = "{period} budget used up"
    notice_daily: str = "{used} of {limit} used today"
    notice_weekly: str = "{used} of {limit} used this week"
    notice_monthly: str = "{used} of {limit} used in {month}"
    notice_thread: str = "Most of it: {thread}"
    notice_old: str = "New threads may be missing"
    notice_open_thread: str = "Open thread"

    refresh: str = "Refresh"
    pause: str = "Pause"
    show: str = "Show: {metric}"
    metric_cost: str = "Cost"
    metric_tokens: str = "Tokens"
    metric_credits: str = "Credits"
    start_at_login: str = "Start at login"
    no_start_at_login: str = "Start at login: {reason}"
    open_report: str = "Open report"
    settings: str = "Settings…"
    quit: str = "Quit"


ENGLISH = Catalogue()

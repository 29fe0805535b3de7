"""What each method and notification is for, what it returns, and how it is used.

For programs that read the OpenRPC document, and for those who write them. Every method of the
table has its line here, and every notification that the service sends.
"""

from collections.abc import Mapping
from types import MappingProxyType

from amp_tray_rpc import results
from amp_tray_rpc.described_reports import REPORTS
from amp_tray_rpc.descriptions import Described, Example, Told
from amp_tray_rpc.errors import (
    other_protocol,
    prices_not_refreshed,
    too_many_subscriptions,
    unknown_session,
    wrong_token,
)
from amp_tray_rpc.summary_document import Changed, Crossed, Summary
from amp_tray_rpc.thread_document import Thread

METHODS: Mapping[str, Described] = MappingProxyType(
    {
        "session.hello": Described(
            "Ask it first: it answers whatever the state. Both params are optional. A client that "
            "was written for another major protocol is refused, and told which side to update; a "
            "higher minor one only means that there is more than it uses.",
            results.Hello,
            (
                Example(
                    "introduce yourself",
                    '{"server":"amp-tray","version":"0.1.0","protocol":"1.0","pid":4242,"revision":7}',
                    {"client": "my editor 1.2", "protocol": "1.0"},
                ),
            ),
            (other_protocol("this service speaks protocol 1.0: update amp-tray"),),
        ),
        "session.authenticate": Described(
            "On TCP the first request of a connection: until it is answered with `true`, every "
            "other method is refused. The token lies in `rpc.json`, which only the user can read. "
            "A wrong one ends the connection after its answer. On a Unix socket the kernel tells "
            "who connects, and any token will do.",
            results.Authenticated,
            (
                Example(
                    "open a connection",
                    '{"authenticated":true}',
                    {"token": "what rpc.json tells"},
                ),
            ),
            (wrong_token(),),
        ),
        "usage.summary": Described(
            "Today and this month in the system's zone, the last seven days, the ten threads "
            "used last, the burn rate, the user's budgets, and how fresh all that is: what a bar "
            "shows.",
            Summary,
            (Example("what a bar shows", '{"today":{"key":"2026-11-22","totalCost":1.1,…},…}'),),
        ),
        "usage.thread": Described(
            "One session by model and by hour, with its page on the web, its file and its "
            "sub-threads. It takes a session's id, or a beginning of it that no other has.",
            Thread,
            (
                Example(
                    "one session by the beginning of its id",
                    '{"sessionId":"T-0199aaaa-bbbb-7ccc-8ddd-00000000000a","title":"A thread",…}',
                    {"sessionId": "T-0199aaaa"},
                ),
            ),
            (unknown_session(),),
        ),
        "usage.subscribe": Described(
            "From now on this connection is told by `usage.changed` of every revision, newest "
            "only and at most five times a second, and by `budget.crossed` of each budget that is "
            "crossed. Subscribing itself tells nothing: ask `usage.summary` once. Twice is once.",
            results.Subscription,
            (Example("be told of changes", '{"subscribed":true,"revision":7}'),),
            (too_many_subscriptions(),),
        ),
        "usage.unsubscribe": Described(
            "This connection is told nothing more. One that never subscribed is none the worse.",
            results.Subscription,
            (Example("be told no more", '{"subscribed":false,"revision":7}'),),
        ),
        **REPORTS,
        "service.status": Described(
            "How the service is: what it reads, how far a scan is, what it could not use. It "
            "answers while the first scan runs. Newer versions may tell more.",
            results.Status,
            (Example("how it is", '{"state":"ready","failure":null,…}'),),
        ),
        "service.refresh": Described(
            "Looks at all files now and answers when that is done. Hardly ever needed: the service "
            "watches them.",
            results.Refreshed,
            (Example("look at all files", '{"revision":8}'),),
        ),
        "service.pause": Described(
            "Stops reading files, or goes on, which looks at all of them. The figures of before "
            "stay and can be asked for.",
            results.Paused,
            (
                Example("stop reading", '{"paused":true}', {"paused": True}),
                Example("go on", '{"paused":false}', {"paused": False}),
            ),
        ),
        "service.shutdown": Described(
            "Ends the service, for all its clients. The answer is sent first, then the connection "
            "ends.",
            results.Stopping,
            (Example("end the service", '{"stopping":true,…}'),),
        ),
        "pricing.refresh": Described(
            "Asks for today's list prices now and counts all usage at them; it answers when that "
            "is done, which may take two minutes. The service does so once a day by itself. It is "
            "refused where `offline` is set.",
            results.Prices,
            (Example("today's prices", '{"origin":"download","asOf":"2026-11-22"}'),),
            (
                prices_not_refreshed("`offline` is set, so no network is used", kind="offline"),
                prices_not_refreshed("see `amp-tray pricing status`"),
            ),
        ),
        "rpc.discover": Described(
            "All methods and notifications, their params and results, as an OpenRPC document: this "
            "one. It answers while the first scan runs.",
            results.OpenRpc,
            (Example("all methods", '{"openrpc":"1.3.2","info":{"title":"amp-tray",…},…}'),),
        ),
    }
)
"""By name, in the order of the method table."""

NOTIFICATIONS: Mapping[str, Told] = MappingProxyType(
    {
        "usage.changed": Told(
            "a newer revision",
            "To those who called `usage.subscribe`: the summary as `usage.summary` returns it. "
            "Every update that changes any report raises the revision and is told, also when today "
            "and this month stay. Of several only the newest arrives, five a second at most. It "
            "may overtake an answer.",
            Changed,
            '{"revision":8,"summary":{"today":{"key":"2026-11-22","totalCost":1.1,…},…}}',
        ),
        "budget.crossed": Told(
            "a budget is nearly or wholly used",
            "To those who called `usage.subscribe`: a budget passed 80 % (`near`) or 100 % "
            "(`over`) of its limit. Each budget, level and period is told once, and never left out "
            "for a newer revision. What was crossed before the service began is not told.",
            Crossed,
            '{"name":"budgets.daily.usd","level":"near","period":"daily","periodKey":"2026-11-22",'
            '"unit":"USD","used":4.1,"limit":5}',
        ),
    }
)
"""By name; the service sends them, and nobody can call them."""

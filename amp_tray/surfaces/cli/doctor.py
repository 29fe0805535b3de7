"""`amp-tray doctor`: what is wrong, and what can be done about it."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import click

from amp_tray.core.errors import AmpTrayError, UsageError
from amp_tray.core.figures import plural
from amp_tray.core.text import clean
from amp_tray.surfaces.cli.ask import NoServiceError, call_raw, connect
from amp_tray.surfaces.cli.doctor_pricing import (
    examine_pricing,
    pricing_lines,
    unpriced_models,
    unpriced_problems,
)
from amp_tray.surfaces.cli.doctor_system import (
    examine_system,
    system_lines,
    system_problems,
)
from amp_tray.surfaces.cli.glance import age
from amp_tray.surfaces.cli.program import Program
from amp_tray.surfaces.cli.progress import ScanProgress
from amp_tray.surfaces.cli.remedies import SERVICE_DEGRADED, SERVICE_DIFFERS, remedy_of
from amp_tray.surfaces.cli.same_service import connect_to_same

Json = dict[str, Any]

_EXIT_PROBLEMS = 1
_PATH_WIDTH = 4096


@click.command()
@click.option("-j", "--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_obj
def doctor(program: Program, *, as_json: bool) -> int:
    """Look for what is wrong and say what to do about it.

    Exits with 0 when nothing is, with 1 when something is.
    """
    findings = examine(program)
    if as_json:
        data = json.dumps(findings, ensure_ascii=False, separators=(",", ":"))
        sys.stdout.buffer.write(data.encode() + b"\n")
    else:
        for line in _lines(findings):
            click.echo(line)
    return 0 if findings["healthy"] else _EXIT_PROBLEMS


def examine(program: Program) -> Json:
    """Return the findings: through the service if it reads the same, else by reading here.

    They have `healthy`, `service` (null when none runs), `roots`, `newestEventAt`, `newest` (its
    age in words), `ledger` (null when there is none to read), `pricing`, `unpriced` (`model`
    and `tokens` each), `settings`, `watch`, `tray`, `autostart` and `problems`: `code`, `path`,
    `message` and `remedy` each.
    """
    with ScanProgress() as progress:
        client = connect_to_same(program, progress)
        if client is None:
            service, problems = _other_service(program)
            summary, report, found = _read_here(program, progress)
        else:
            with client:
                service = json.loads(call_raw(client, "service.status", {}))
                summary = json.loads(call_raw(client, "usage.summary", {}))
                report = json.loads(call_raw(client, "report.monthly", {}))
            problems, found = [], service["diagnostics"]
    problems += [_problem(row["code"], row["path"], row["message"]) for row in found]
    if service is not None and service["state"] == "degraded":
        trouble = "it cannot watch the directories, or not write the ledger, and rescans instead"
        problems.append(_problem(SERVICE_DEGRADED, service["socket"], trouble))
    ledger = _ledger(program, problems)
    pricing, pricing_problems = examine_pricing(program)
    unpriced = unpriced_models(report)
    problems += [
        _problem(*each)
        for each in (
            *pricing_problems,
            *unpriced_problems(unpriced),
            *system_problems(program, service),
        )
    ]
    return {
        "healthy": not problems,
        "service": service and {key: service[key] for key in ("state", "version", "pid", "socket")},
        "roots": list(_roots(program, ledger)),
        "newestEventAt": summary and summary["newestEventAt"],
        "newest": "unknown" if summary is None else age(summary),
        "ledger": ledger,
        "pricing": pricing,
        "unpriced": unpriced,
        **examine_system(program, service),
        "problems": problems,
    }


def _other_service(program: Program) -> tuple[Json | None, list[Json]]:
    """Return the status of a service that reads other files than this process would."""
    try:
        with connect(program) as client:
            service: Json = json.loads(call_raw(client, "service.status", {}))
    except NoServiceError:
        return None, []
    message = f"the service (pid {service['pid']}) has other roots or another ledger than this one"
    return service, [_problem(SERVICE_DIFFERS, service["socket"], message)]


def _read_here(
    program: Program, progress: ScanProgress
) -> tuple[Json | None, Json | None, Sequence[Json]]:
    """Return summary, monthly report and diagnostics; none where the ledger keeps from reading."""
    from amp_tray.core.report import diagnostic_rows  # noqa: PLC0415 - not with a service
    from amp_tray.live.query import ReportQuery  # noqa: PLC0415

    try:
        queries, snapshot = program.read_now(progress)
    except UsageError:
        raise
    except AmpTrayError as error:
        row = {"code": "ledger", "path": str(program.ledger_path), "message": _sentence(error)}
        return None, None, [row]
    report = json.loads(queries.report(snapshot, ReportQuery("monthly")))
    return json.loads(queries.summary(snapshot)), report, diagnostic_rows(snapshot)


def _ledger(program: Program, problems: list[Json]) -> Json | None:
    """Return the ledger's state; where it has none to tell, that is a problem."""
    from amp_tray.surfaces.cli.ledger_info import info_document  # noqa: PLC0415 - a slow import

    try:
        return info_document(program)
    except AmpTrayError as error:
        if not any(problem["code"] == "ledger" for problem in problems):
            problems.append(_problem("ledger", str(program.ledger_path), _sentence(error)))
        return None


def _roots(program: Program, ledger: Json | None) -> Iterator[Json]:
    known = {(root["source"], root["path"]): root for root in (ledger or {"roots": ()})["roots"]}
    for source, paths in program.roots().items():
        for path in paths:
            folder = source.folder_of(path)
            counts = known.get((source.name, str(path)), {})
            yield {
                "source": source.name,
                "path": clean(str(path), _PATH_WIDTH),
                "folder": clean(str(folder), _PATH_WIDTH),
                "exists": folder.is_dir(),
                "present": counts.get("present", 0),
                "archived": counts.get("archived", 0),
            }


def _problem(code: str, path: str, message: str) -> Json:
    return {
        "code": code,
        "path": clean(path, _PATH_WIDTH),
        "message": clean(message),
        "remedy": remedy_of(code),
    }


def _sentence(error: AmpTrayError) -> str:
    return f"{error.title}: {error.message}"


def _lines(findings: Mapping[str, Any]) -> Iterator[str]:
    service, ledger = findings["service"], findings["ledger"]
    if service is None:
        yield f"{'Service':<10} does not run"
    else:
        process = f"version {clean(service['version'])}, pid {service['pid']}"
        yield f"{'Service':<10} {service['state']} ({process})"
    for root in findings["roots"]:
        files = f"{plural(root['present'], 'file', 'files')} and {root['archived']:,} archived"
        there = files if root["exists"] else f"not there; {files}"
        yield f"{'Root':<10} {root['folder']} ({root['source']}): {there}"
    yield f"{'Newest':<10} {findings['newest']}"
    if ledger is not None:
        about = f"{ledger['sizeBytes'] / 1e6:,.1f} MB, schema {ledger['schema']}"
        yield f"{'Ledger':<10} {clean(ledger['path'], _PATH_WIDTH)} ({about})"
    yield from system_lines(findings)
    yield from pricing_lines(findings["pricing"], findings["unpriced"])
    problems = sorted(findings["problems"], key=lambda problem: str(problem["code"]))
    if not problems:
        yield "Nothing is wrong."
    for code, same in groupby(problems, key=lambda problem: str(problem["code"])):
        rows = list(same)
        yield ""
        yield f"{code} ({len(rows):,}): {rows[0]['remedy']}"
        yield from (f"  {row['path']}: {row['message']}" for row in rows)

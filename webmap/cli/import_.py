"""`relitu import`: read survey files, check them, and record them as drafts."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from datasets.errors import DatasetError
from datasets.labels import Label
from datasets.world import World
from datasets.world import load as load_world
from geo.check.spot import finding_payload
from geo.crs import CrsFault
from geo.model import default_kinds
from geo.model.finding import Finding, Severity
from geo.read import Unreadable, readers
from geo.read.raw import Progress
from geo.store import Store
from geo.store.accounts import EVERYWHERE
from geo.store.files import MAX_BYTES, Files, FileTooLarge
from webmap.cli.failing import Unmendable, say, shell_language
from webmap.cli.options import data_option
from webmap.config import Config, load_config
from webmap.intake.choices import Choices
from webmap.intake.committing import NotFit, commit
from webmap.intake.known import Known, known
from webmap.intake.preparing import Ground, Prepared, prepared

FIT, WITH_ERRORS, NOT_READABLE = 0, 1, 2
PARTS = frozenset({".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".xml"})
SIGNS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFO: "·"}


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--kind", default="plot", show_default=True, help="Kind of record: plot, park, project …")
@click.option("--county", default="", help="Adcode of the county, for rows that name none.")
@click.option("--crs", "system", default="", help="Coordinate system, where the file doesn't say: EPSG:4526, GCJ-02 …")
@click.option("--swap-axes", is_flag=True, help="The first column holds the northing or latitude.")
@click.option("--zone-prefix", type=click.IntRange(13, 45), help="Zone number that the eastings lack.")
@click.option("--dry-run", is_flag=True, help="Check only; write nothing.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--author", default="", help="Who records the drafts; the user of the shell by default.")
@data_option
def import_(
    files: tuple[Path, ...],
    kind: str,
    county: str,
    system: str,
    swap_axes: bool,
    zone_prefix: int | None,
    dry_run: bool,
    form: str,
    author: str,
    data_dir: Path,
) -> None:
    """Read survey FILES (or folders of them), check every parcel and record all of a file as drafts, or nothing.

    Exit status: 0 could be committed, 1 read but with errors, 2 not readable.
    """
    config = load_config(data_dir)
    world = load_world(config.boundary_file, config.chain_file)
    choices = _choices(system, swap_axes, zone_prefix)
    _require(kind, county, world)
    store = _store(config, dry_run)
    reports, worst = [], FIT
    try:
        for path in _all(files):
            known_ones, local = _known(store, kind), config.local_parameters
            ground = Ground(world, default_kinds().get(kind), known_ones, county, (EVERYWHERE,), local)
            report, status = _one(path, ground, choices, store if not dry_run else None, config, author)
            worst = max(worst, status)
            reports.append(report)
            if form == "text":
                _print(report)
    finally:
        if store is not None:
            store.close()
    if form == "json":
        click.echo(json.dumps(reports[0] if len(reports) == 1 else reports, ensure_ascii=False, indent=2))
    sys.exit(worst)


def _choices(system: str, swapped: bool, prefix: int | None) -> Choices:
    choices = Choices(system, swapped, prefix)
    try:
        if choices.chosen is None and (swapped or prefix):
            raise Unmendable(
                Label(
                    "--swap-axes 和 --zone-prefix 需同时用 --crs 指定坐标系",
                    "--swap-axes and --zone-prefix need a system: name it with --crs",
                )
            )
    except CrsFault as fault:
        raise Unmendable(fault.label) from fault
    return choices


def _require(kind: str, county: str, world: World) -> None:
    if kind not in default_kinds():
        names = ", ".join(default_kinds().names)
        raise Unmendable(Label(f"没有名为 {kind} 的类别；可用：{names}", f"no kind named {kind}; known are {names}"))
    if county:
        try:
            world.boundaries.unit(county)
        except DatasetError as error:
            raise Unmendable(
                Label(f"没有代码为 {county} 的县（市、区）", f"there is no county with the code {county}")
            ) from error


def _store(config: Config, dry_run: bool) -> Store | None:
    """The record; a dry run does without one where there is none yet."""
    path = Path(config.store_url.removeprefix("sqlite:///"))
    if config.store_url.startswith("sqlite:///") and not path.is_file():
        if dry_run:
            return None
        raise Unmendable(
            Label(
                f"{config.data_dir} 中还没有数据库；请先运行 relitu init",
                f"no database in {config.data_dir}: run relitu init",
            )
        )
    return Store.open(config.store_url)


def _known(store: Store | None, kind: str) -> Known:
    from geo.check.existing import Existing

    return known(store, kind) if store is not None else Known(Existing(), {})


def _all(paths: tuple[Path, ...]) -> Iterator[Path]:
    """The files named, and those of named folders that some reader takes; parts of a Shapefile go with their .shp."""
    suffixes = {suffix for reader in readers().values() for suffix in reader.suffixes} | {".zip"}
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for inner in sorted(path.rglob("*")):
            suffix = inner.suffix.lower()
            hidden = any(part.startswith(".") for part in inner.relative_to(path).parts)
            if inner.is_file() and not hidden and suffix in suffixes and suffix not in PARTS:
                yield inner


def _one(
    path: Path, ground: Ground, choices: Choices, store: Store | None, config: Config, author: str
) -> tuple[dict[str, Any], int]:
    """The report of a file, and its exit status; drafts are recorded where `store` is given and nothing is wrong."""
    lang = shell_language()
    try:
        with _bar(path) as progress:
            found = prepared(path, path.name, ground, choices, progress=progress)
    except Unreadable as unreadable:
        return _failed(path, [unreadable.finding], lang), NOT_READABLE
    except OSError as error:
        words = Label(f"{path}：无法读取（{error.strerror}）", f"{path}: cannot be read ({error.strerror})")
        return _failed(path, [Finding("not-readable", Severity.ERROR, str(path), words)], lang), NOT_READABLE
    report = found.intake.payload(lang)
    if not found.is_fit:
        return report, WITH_ERRORS
    if store is None:
        return report, FIT
    try:
        report["committed"] = _commit(path, found, store, config, author or getpass.getuser())
    except (NotFit, FileTooLarge) as error:
        report["findings"].append(
            finding_payload(Finding("not-committed", Severity.ERROR, path.name, error.label), lang)
        )
        return report, WITH_ERRORS
    return report, FIT


def _commit(path: Path, found: Prepared, store: Store, config: Config, author: str) -> dict[str, Any]:
    with path.open("rb") as stream:
        kept = Files(store.engine, config.data_dir / "files").keep(stream, path.name, author, MAX_BYTES)
    done = commit(found, store, kept.sha256, author, f"导入 {path.name} / import of {path.name}")
    return {"drafts": len(done.revisions), "unchanged": done.unchanged, "sha256": kept.sha256}


def _failed(path: Path, findings: list[Finding], lang: str) -> dict[str, Any]:
    told = [finding_payload(finding, lang) for finding in findings]
    return {"file": path.name, "format": None, "crs": None, "crs_reason": "", "parcels": [], "findings": told}


@contextmanager
def _bar(path: Path) -> Iterator[Progress]:
    """A progress bar on standard error, where that is a terminal."""
    with click.progressbar(length=1, label=path.name, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = max(1, total)
            bar.update(min(done, bar.length) - bar.pos)

        yield progress


def _print(report: dict[str, Any]) -> None:
    lang = shell_language()
    readable = readers().get(report["format"] or "")
    named = readable.label.text(lang) if readable else ""
    crs = f" · {report['crs']}（{report['crs_reason']}）" if report["crs"] else ""
    click.echo(f"{report['file']}: {named}{crs}".rstrip(": "))
    told = [*report["findings"], *(finding for row in report["parcels"] for finding in row["findings"])]
    for finding in told:
        click.echo(
            f"  {SIGNS[Severity(finding['severity'])]} {finding['where']}: {finding['message']} [{finding['code']}]"
        )
    errors = sum(finding["severity"] == "error" for finding in told)
    done = report.get("committed")
    rows = len(report["parcels"])
    if done:
        say(
            Label(
                f"  {rows} 行，写入草稿 {done['drafts']} 条，未变 {done['unchanged']} 条",
                f"  {rows} rows: {done['drafts']} drafts written, {done['unchanged']} unchanged",
            )
        )
    else:
        say(Label(f"  {rows} 行，错误 {errors} 处，未写入", f"  {rows} rows, {errors} errors, nothing written"))

"""Reading the facts: what ships loads and is complete, and every kind of damage is named where it is."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from seeds.faults import FactsError
from seeds.rows import Fact
from seeds.tables import FOLDER, TABLES, columns, load

COMMON = ["county", "place", "date", "date_precision", "document", "lines", "note"]
Edit = Callable[..., Path]


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    """Gives a copy of the facts in which one cell of a row (found by id) holds another value."""
    folder = tmp_path / "facts"
    shutil.copytree(FOLDER, folder)

    def change(table: str, key: str, column: str, value: str) -> Path:
        path = folder / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        row = next(each for each in rows if next(iter(each.values())) == key)
        assert column in row
        assert row[column] != value, "the edit must change something"
        row[column] = value
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return folder

    return change


STEEL = "jz-2022-qinyang-special-steel"
DAMAGE = [
    ("projects", STEEL, "county", "410899", "410899"),
    ("projects", STEEL, "county", "990000", "GB/T 2260"),
    ("projects", STEEL, "amount_wan", "30亿", "no unit"),
    ("projects", STEEL, "amount_wan", "-5", "at least 0"),
    ("projects", STEEL, "amount_wan", "nan", "number"),
    ("projects", STEEL, "date", "2022-02-30", "is no date"),
    ("projects", STEEL, "date", "3月1日", "is no date"),
    ("projects", STEEL, "date", "2022-03", "does not fit the date 2022-03: write month"),
    ("projects", STEEL, "date_precision", "hour", "no known code"),
    ("projects", STEEL, "lines", "52-50", "the smaller first"),
    ("projects", STEEL, "lines", "0", "from 1"),
    ("projects", STEEL, "lines", "52,53", "line numbers look like"),
    ("projects", STEEL, "lines", "161", "160 lines only"),
    ("projects", STEEL, "document", "005.txt", "documents.csv"),
    ("projects", STEEL, "stage", "dreamt", "no known code"),
    ("projects", STEEL, "stage", "", "must not be empty"),
    ("projects", STEEL, "event", "no-such-event", "events.csv"),
    ("projects", STEEL, "same_as", STEEL, "names no other row"),
    ("projects", STEEL, "chains", "steal", "There is no industry chain"),
    ("projects", STEEL, "chains", "steel;steel", "none empty or twice"),
    ("projects", STEEL, "chains", "copper", "its chain steel is missing"),
    ("projects", STEEL, "nodes", "steel/gold", "There is no chain node"),
    ("projects", STEEL, "id", "Big Steel", "small letters"),
    ("projects", STEEL, "id", "jz-2022-qinyang-hongda-capacity", "too: rename one"),
    ("projects", STEEL, "id", "hj-2023-huayuankou", "is an id of projects.csv too"),
    ("projects", STEEL, "name", " 特钢", "spaces at its ends"),
    ("parks", "hj-2023-guxing", "project", "nothing", "projects.csv"),
    ("talks", "jz-2022-talk-hongda", "project", "nothing", "projects.csv"),
    ("events", "hj-2023-q1-signing", "projects", "21.5", "whole number"),
    ("events", "hj-2023-q1-signing", "breakdown", "工业|3", "scheme=en/label=en|count"),
    ("events", "hj-2023-q1-signing", "breakdown", "产业=industry/工业=manufacturing|x||", "whole number"),
    ("targets", "hj-2022-signed", "period", "last year", "is no period"),
    ("targets", "hj-2022-signed", "comparator", "≥", "no known code"),
    ("targets", "hj-2022-signed", "value", "", "must not be empty"),
    ("map_counts", "xc-2020-map-plot", "kind", "lake", "no known code"),
    ("relations", "yrd-37", "parts", "events/nothing/projects", "row that exists"),
    ("remarks", "002-triple", "severity", "grave", "no known code"),
    ("documents", "004_df64d708a2961fd6.txt", "line_count", "0", "at least 1"),
]


@pytest.mark.parametrize(("table", "key", "column", "value", "words"), DAMAGE)
def test_a_damaged_cell_is_named_with_cause_and_way_out(
    edit: Edit, table: str, key: str, column: str, value: str, words: str
) -> None:
    with pytest.raises(FactsError) as caught:
        load(edit(table, key, column, value))
    named = [damage for damage in caught.value.damages if words in damage.label.en]
    assert named, caught.value
    # A doubled id may be told in the table that comes second.
    assert named[0].file.endswith(".csv")
    assert named[0].row >= 2
    assert "。" in named[0].label.zh
    assert f"第{named[0].row}行" in named[0].label.zh


def test_file_row_column_and_value_stand_in_the_sentence(edit: Edit) -> None:
    with pytest.raises(FactsError) as caught:
        load(edit("projects", STEEL, "amount_wan", "30亿"))
    (damage,) = caught.value.damages
    row = [project.id for project in load().projects].index(STEEL) + 2
    assert (damage.file, damage.row, damage.column, damage.value) == ("projects.csv", row, "amount_wan", "30亿")
    assert damage.label.en.startswith(f"projects.csv row {row} column amount_wan value '30亿': ")
    assert damage.label.zh.startswith(f"projects.csv第{row}行“amount_wan”列的值“30亿”：")


def test_all_damages_are_told_at_once(edit: Edit) -> None:
    edit("projects", STEEL, "stage", "dreamt")
    edit("parks", "hj-2023-guxing", "county", "1")
    folder = edit("projects", STEEL, "amount_wan", "many")
    with pytest.raises(FactsError) as caught:
        load(folder)
    assert [(damage.file, damage.column) for damage in caught.value.damages] == [
        ("parks.csv", "county"),
        ("projects.csv", "amount_wan"),
        ("projects.csv", "stage"),
    ]


@pytest.mark.parametrize(
    ("replace", "words"),
    [
        (("id,", "id,colour,"), "column colour: unknown column"),
        (("count,", ""), "column count: the column is missing"),
        (("note", "note,note"), "column note: the column stands twice"),
        (("route,38", "route,38,39"), "13 cells instead of"),
        (("route,38", '"route,38'), "no valid CSV"),
    ],
)
def test_a_damaged_shape_is_named(tmp_path: Path, replace: tuple[str, str], words: str) -> None:
    folder = tmp_path / "facts"
    shutil.copytree(FOLDER, folder)
    path = folder / "map_counts.csv"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace(*replace, 1), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != before
    with pytest.raises(FactsError) as caught:
        load(folder)
    wanted = words.replace("13", str(len(columns(TABLES["map_counts"])) + 1))
    assert any(wanted in damage.label.en for damage in caught.value.damages), caught.value


def test_a_missing_or_wrongly_encoded_file_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "facts"
    shutil.copytree(FOLDER, folder)
    (folder / "parks.csv").unlink()
    (folder / "talks.csv").write_bytes("编号".encode("gb18030"))
    with pytest.raises(FactsError) as caught:
        load(folder)
    said = {damage.file: damage.label.en for damage in caught.value.damages}
    assert set(said) == {"parks.csv", "talks.csv"}
    assert "cannot be read" in said["parks.csv"]
    assert "UTF-8" in said["talks.csv"]


def test_every_table_has_rows_and_every_document_is_used() -> None:
    facts = load()
    assert all(facts.tables().values())
    used = {row.document for table in facts.tables().values() for row in table if isinstance(row, Fact)}
    assert used == {document.document for document in facts.documents}
    assert len(used) == 5


@pytest.mark.parametrize("table", [name for name, row in TABLES.items() if issubclass(row, Fact)])
def test_header_has_id_first_and_the_common_columns_last(table: str) -> None:
    data = (FOLDER / f"{table}.csv").read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    header = data.decode().splitlines()[0].split(",")
    assert header[0] == "id"
    assert header[-7:] == COMMON


def test_no_cell_is_a_copied_sentence() -> None:
    """Own words are short: no cell of a table of facts but a list or a breakdown runs on for 60 characters."""
    for name, table in load().tables().items():
        if name in ("remarks", "relations", "documents"):
            continue
        for row in table:
            for column in ("name", "content", "role", "topic", "outcome", "summary", "note", "indicator", "venue"):
                text = getattr(row, column, "")
                assert len(text) <= 60, (row.id, column)
                assert "。" not in text, (row.id, column)


def test_what_the_documents_are_known_to_say() -> None:
    facts = load()
    events = {event.id: event for event in facts.events}
    cloud = events["jz-2022-cloud-signing"]
    assert (cloud.projects, cloud.amount_wan, cloud.date) == (25, 1_326_000, "2022-03-03")
    assert (events["hj-2023-q1-signing"].projects, events["hj-2023-q1-signing"].amount_wan) == (21, 2_900_000)
    assert {count.kind: count.count for count in facts.map_counts} == {
        "route": 38,
        "park": 68,
        "plot": 35,
        "opportunity": 48,
    }
    assert next(count.area_km2 for count in facts.map_counts if count.kind == "plot") == 135
    projects = {project.id: project for project in facts.projects}
    assert projects["xc-2020-zhende-hq"].amount_wan == 768_000
    assert projects["xc-2020-zhende-hq"].county == "411024"
    assert projects["jz-2014-ecological-park"].amount_wan == 3_500
    assert projects["jz-2014-cubic-press"].amount_wan is None
    assert projects["jz-2014-cubic-press"].amount_min_wan == 100_000

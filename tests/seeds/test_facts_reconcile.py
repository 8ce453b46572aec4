"""The report on disagreements is computed: it finds what is known to be wrong, and follows the tables."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.errors import DatasetError
from geo.model.finding import Severity
from seeds.columns import Share
from seeds.reconcile import Disagreement, reconcile
from seeds.reconcile.breakdowns import band, broken_down
from seeds.reconcile.figures import half_unit, shown
from seeds.reconcile.signings import signed
from seeds.reconcile.wording import one_apart
from seeds.rows import Relation
from seeds.tables import Facts, load


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load()


def edited(facts: Facts, table: str, key: str, **values: Any) -> Facts:
    rows = tuple(replace(row, **values) if row.id == key else row for row in getattr(facts, table))
    assert rows != getattr(facts, table)
    return replace(facts, **{table: rows})


def found(facts: Facts, code: str, *words: str) -> list[Disagreement]:
    return [each for each in reconcile(facts) if each.code == code and all(word in each.message.zh for word in words)]


KNOWN = [
    ("bands-nested", ("80个", "50+20+10")),
    ("breakdown-count", ("8+8+35 = 51", "54")),
    ("breakdown-count", ("20+28+4 = 52", "54")),
    ("breakdown-amount", ("233.1亿元", "235.4亿元")),
    ("breakdown-percent-sum", ("96.3%",)),
    ("breakdown-amount-rounded", ("138.93亿元", "138.9亿元")),
    ("band-names-fewer", ("10亿元以上印作7个", "具名6个")),
    ("event-amount-named", ("132.6亿元", "68.2亿元")),
    ("named-part", ("425.9亿元", "190.8亿元")),
    ("rest-not-printed", ("271.6亿元",)),
    ("part-exceeds-whole", ("130.9亿元", "97亿元")),
    ("part-exceeds-whole", ("262.56亿元", "231.5亿元")),
    ("part-exceeds-whole", ("城市综合体", "4,500万元")),
    ("shares-differ", ("2231", "2180")),
    ("figures-unequal", ("37", "40")),
    ("target-below-actual", ("280亿元", "289.62亿元")),
    ("target-already-reached", ("12",)),
    ("implied-target", ("128.88%",)),
    ("two-spellings", ("福通焦作中德产业园", "富通中德产业园")),
    ("two-spellings", ("福通焦作中德产业园", "中德科技园")),
    ("two-spellings", ("晋控天庆煤化工有限公司", "有限责任公司")),
    ("two-spellings", ("花园口新兴产业园区",)),
    ("near-spellings", ("三区一极", "三区一级")),
    ("missing-in-bulletin", ("温县",)),
    ("stage-differs", ("振德",)),
    ("duplicate", ("重复三遍",)),
    ("duplicate", ("统计栏", "2022年")),
    ("contradiction", ("两大", "三大")),
]


@pytest.mark.parametrize(("code", "words"), KNOWN)
def test_known_disagreements_are_found(facts: Facts, code: str, words: tuple[str, ...]) -> None:
    (each,) = found(facts, code, *words)
    assert each.message.en
    assert each.sources
    assert all(source.lines for source in each.sources)


def test_what_agrees_is_not_told(facts: Facts) -> None:
    """37 = 30 + 7, 17/21 and 12/21, and 1.96/2.44 for 80.47 percent fit, so nothing is said of them."""
    told = reconcile(facts)
    assert not [each for each in told if each.code in ("sum-differs", "ratio-differs", "breakdown-percent")]
    assert not [each for each in told if "17/21" in each.message.zh]
    assert not [each for each in told if each.code == "breakdown-count" and "22个重点项目" in each.message.zh]


EDITS: list[tuple[str, str, dict[str, Any], str, tuple[str, ...]]] = [
    ("events", "xc-2020-yrd-week", {"projects": 29}, "sum-differs", ("37",)),
    ("targets", "jz-2014-tax-share", {"value": 85.0}, "ratio-differs", ("80.33%", "85%")),
    ("targets", "jz-2014-outreach-soe", {"value": 4.0}, "count-differs", ("4个", "列出3个")),
    ("projects", "jz-2022-wenxian-daka-phase-3", {"signed_on": "2022-03-09"}, "date-outside-event", ("2022-03-09",)),
    ("projects", "jz-2022-wenxian-daka-phase-3", {"amount_wan": 9e6}, "event-amount-exceeded", ("132.6亿元",)),
    ("events", "jz-2022-cloud-signing", {"projects": 5}, "event-names-more", ("具名6个",)),
    ("parks", "xc-2020-wuyue", {"amount_wan": 1.0}, "amount-differs", ("吾悦广场",)),
    (
        "policies",
        "jz-2014-seven-ones",
        {"name": "三区一及", "county": "410800"},
        "near-spellings",
        ("三区一及", "三区一极"),
    ),
    ("targets", "hj-2022-started", {"indicator": "新签约项目"}, "figure-differs", ("27个", "22个")),
]


@pytest.mark.parametrize(("table", "key", "values", "code", "words"), EDITS)
def test_an_edit_of_a_table_brings_a_finding(
    facts: Facts, table: str, key: str, values: dict[str, Any], code: str, words: tuple[str, ...]
) -> None:
    assert not found(facts, code, *words)
    assert found(edited(facts, table, key, **values), code, *words)


CURES: list[tuple[str, str, dict[str, Any], str, tuple[str, ...]]] = [
    ("targets", "jz-2014-521-100m", {"value": 80.0}, "bands-nested", ("80",)),
    ("targets", "jz-2020-key-output", {"value": 2e6}, "part-exceeds-whole", ("蒙牛",)),
    ("targets", "xc-2020-instant-share", {"value": 34.42}, "shares-differ", ()),
    ("targets", "xc-2020-ledgers", {"value": 37.0}, "figures-unequal", ()),
    ("targets", "hj-2023-started-amount", {"value": 3e6}, "target-below-actual", ()),
    ("policies", "jz-2020-three-zones-one-level", {"name": "三区一极"}, "near-spellings", ("三区一极",)),
    ("parks", "jz-2020-sino-german-alt-1", {"same_as": ""}, "two-spellings", ("富通",)),
]


@pytest.mark.parametrize(("table", "key", "values", "code", "words"), CURES)
def test_an_edit_of_a_table_takes_a_finding_away(
    facts: Facts, table: str, key: str, values: dict[str, Any], code: str, words: tuple[str, ...]
) -> None:
    assert found(facts, code, *words)
    assert not found(edited(facts, table, key, **values), code, *words)


def test_a_talk_in_wen_county_fills_the_bulletin(facts: Facts) -> None:
    assert not found(edited(facts, "talks", "jz-2022-talk-hongda", county="410825"), "missing-in-bulletin", "温县")


def test_remarks_are_part_of_the_report_in_order_of_severity(facts: Facts) -> None:
    told = reconcile(facts)
    said = {each.message.zh for each in told}
    assert {remark.zh for remark in facts.remarks} <= said
    ranks = [list(Severity).index(each.severity) for each in told]
    assert ranks == sorted(ranks)
    assert not any(
        each.message.zh == facts.remarks[0].zh for each in reconcile(replace(facts, remarks=facts.remarks[1:]))
    )


def test_a_relation_to_no_figure_is_refused_with_its_reference(facts: Facts) -> None:
    bad = Relation(
        id="bad",
        relation="sum",
        whole="targets/hj-2022-signed",
        parts=("events/hj-2023-q1-signing/高/低/count",),
        zh="",
        en="",
    )
    with pytest.raises(DatasetError, match="events/hj-2023-q1-signing/高/低/count"):
        reconcile(replace(facts, relations=(bad,)))


def test_sources_print_as_document_and_lines(facts: Facts) -> None:
    (each,) = found(facts, "part-exceeds-whole", "130.9亿元")
    assert [str(source) for source in each.sources] == ["001_71d5047f74db3cd3.txt:35-37;42-44"]
    assert sorted(each.figures.values()) == [970_000, 1_309_000]


def _shares(counts: list[int], amounts: list[float]) -> tuple[Share, ...]:
    return tuple(
        Share("产业", "industry", f"第{n}类", f"kind {n}", count, amount, None)
        for n, (count, amount) in enumerate(zip(counts, amounts, strict=True))
    )


ENTRIES = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 10**7)), min_size=2, max_size=8)
Change = Callable[[Facts], Facts]


@given(entries=ENTRIES)
def test_breakdowns_that_agree_give_no_finding(entries: list[tuple[int, int]]) -> None:
    shares = _shares([count for count, _ in entries], [amount / 10 for _, amount in entries])
    assert list(broken_down(_one_event(shares, sum(c for c, _ in entries), sum(a for _, a in entries) / 10))) == []


@given(entries=ENTRIES, more=st.integers(1, 50))
def test_breakdowns_that_do_not_count_up_give_one(entries: list[tuple[int, int]], more: int) -> None:
    shares = _shares([count for count, _ in entries], [amount / 10 for _, amount in entries])
    total = sum(c for c, _ in entries) + more
    told = list(broken_down(_one_event(shares, total, sum(a for _, a in entries) / 10)))
    assert [each.code for each in told] == ["breakdown-count"]
    assert told[0].figures == {"sum": total - more, "total": total}


@given(amounts=st.lists(st.integers(1, 10**6), min_size=1, max_size=6))
def test_projects_that_make_up_their_event_give_no_finding(amounts: list[int]) -> None:
    base = _one_event((), len(amounts), float(sum(amounts)))
    model = replace(load_cached().projects[0], event=base.events[0].id, signed_on="", same_as="")
    projects = tuple(replace(model, id=f"p-{n}", amount_wan=float(amount)) for n, amount in enumerate(amounts))
    assert list(signed(replace(base, projects=projects))) == []


_LOADED: list[Facts] = []


def load_cached() -> Facts:
    if not _LOADED:
        _LOADED.append(load())
    return _LOADED[0]


def _one_event(shares: tuple[Share, ...], projects: int, amount: float) -> Facts:
    base = load_cached()
    event = replace(base.events[0], id="e", breakdown=shares, projects=projects, amount_wan=amount)
    return replace(base, events=(event,), projects=())


@pytest.mark.parametrize(
    ("label", "bounds"),
    [
        ("10亿元以上", (100_000, float("inf"))),
        ("5亿至10亿元", (50_000, 100_000)),
        ("1亿元以下", (0, 10_000)),
        ("10亿元以上产业项目", (100_000, float("inf"))),
        ("工业", None),
    ],
)
def test_bands_are_read_from_their_labels(label: str, bounds: tuple[float, float] | None) -> None:
    assert band(label) == bounds


@pytest.mark.parametrize(
    ("one", "two", "near"),
    [
        ("三区一极", "三区一级", True),
        ("花园口新兴产业园", "花园口新兴产业园区", True),
        ("创基智谷一期", "创基智谷一期", False),
        ("某某项目1期", "某某项目2期", False),
        ("六稳", "六保", False),
        ("科技总部新城", "科技创新新城", False),
    ],
)
def test_names_one_character_apart(one: str, two: str, near: bool) -> None:
    assert one_apart(one, two) is near
    assert one_apart(two, one) is near


def test_money_is_shown_with_its_unit_and_rounded_as_printed() -> None:
    assert shown(1_326_000, "万元").zh == "132.6亿元"
    assert shown(1_326_000, "万元").en == "CNY 13,260 m"
    assert shown(3_500, "万元").zh == "3,500万元"
    assert shown(14_005, "万美元").en == "USD 140.05 m"
    assert half_unit(1_389_000, "万元") == 500
    assert half_unit(37, "个") == 0
    assert half_unit(80.47, "%") == pytest.approx(0.005)

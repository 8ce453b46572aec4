"""The relations of relations.csv: which figures should add up, contain one another or be equal."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from datasets.labels import Label
from geo.model.finding import Severity
from seeds.reconcile.disagreement import Disagreement, sources_of
from seeds.reconcile.figures import Figure, Figures, listed, shown
from seeds.rows import Relation
from seeds.tables import Facts

Found = Iterator[Disagreement]


def related(facts: Facts) -> Found:
    """Every relation that the printed figures break, or that is worth knowing (`rest`, `named`, `reached`)."""
    figures = Figures(facts)
    for relation in facts.relations:
        parts = [figures.find(part) for part in relation.parts]
        whole = figures.find(relation.whole) if relation.whole else None
        known = [part for part in parts if part is not None]
        if len(known) < len(parts) or (relation.whole and whole is None):
            continue
        if relation.relation == "shares":
            yield from _shares(relation, known)
        elif whole is not None:
            yield from KINDS[relation.relation](relation, whole, known)


def _total(parts: list[Figure]) -> float:
    # Sums of decimal fractions: 876800 + 0.1 must not differ from its printed total by the machine's rounding.
    return round(sum(part.value for part in parts), 6)


def _given(relation: Relation) -> Label:
    return Label(zh=f"{relation.zh}，" if relation.zh else "", en=f"{relation.en}: " if relation.en else "")


def _told(
    code: str, severity: Severity, relation: Relation, whole: Figure | None, parts: list[Figure], message: Label
) -> Disagreement:
    all_figures = [*([whole] if whole else []), *parts]
    given = _given(relation)
    return Disagreement(
        code,
        severity,
        sources_of(figure.row for figure in all_figures),
        Label(zh=given.zh + message.zh, en=given.en + message.en),
        {f"{figure.row.id}#{number}": figure.value for number, figure in enumerate(all_figures)},
    )


def _sum(relation: Relation, whole: Figure, parts: list[Figure]) -> Found:
    total = _total(parts)
    if total == whole.value:
        return
    within = abs(total - whole.value) <= whole.half_unit
    terms, sum_, all_ = listed(parts), shown(total, whole.unit), whole.shown
    message = Label(
        zh=f"{terms.zh} = {sum_.zh}，总数却印作{all_.zh}{'（在四舍五入之内）' if within else ''}。",
        en=f"{terms.en} = {sum_.en}, printed total {all_.en}{' (within rounding)' if within else ''}.",
    )
    severity = Severity.INFO if within else Severity.WARNING
    yield _told("sum-rounded" if within else "sum-differs", severity, relation, whole, parts, message)


def _rest(relation: Relation, whole: Figure, parts: list[Figure]) -> Found:
    rest = whole.value - _total(parts)
    if rest < -whole.half_unit:
        yield from _part(relation, whole, parts)
    elif rest > whole.half_unit:
        left = shown(rest, whole.unit)
        message = Label(
            zh=f"未印出；由{whole.name.zh}{whole.shown.zh}减去已印部分应为{left.zh}。",
            en=f"not printed; {whole.name.en} {whole.shown.en} less the printed part leaves {left.en}.",
        )
        yield _told("rest-not-printed", Severity.INFO, relation, whole, parts, message)


def _part(relation: Relation, whole: Figure, parts: list[Figure]) -> Found:
    total = _total(parts)
    if total <= whole.value + whole.half_unit:
        return
    terms, sum_ = listed(parts), shown(total, whole.unit)
    sum_zh, sum_en = (f"（共{sum_.zh}）", f" ({sum_.en})") if len(parts) > 1 else ("", "")
    message = Label(
        zh=f"部分大于整体：{terms.zh}{sum_zh}大于{whole.name.zh}{whole.shown.zh}。",
        en=f"the part exceeds the whole: {terms.en}{sum_en} against {whole.name.en} {whole.shown.en}.",
    )
    yield _told("part-exceeds-whole", Severity.WARNING, relation, whole, parts, message)


def _same(relation: Relation, whole: Figure, parts: list[Figure]) -> Found:
    for part in parts:
        if part.value != whole.value:
            message = Label(
                zh=f"{whole.name.zh}{whole.shown.zh}与{part.name.zh}{part.shown.zh}不等。",
                en=f"{whole.name.en} {whole.shown.en} does not equal {part.name.en} {part.shown.en}.",
            )
            yield _told("figures-unequal", Severity.WARNING, relation, whole, [part], message)


def _nested(relation: Relation, whole: Figure, parts: list[Figure]) -> Found:
    widest = max(parts, key=lambda part: part.value)
    if widest.value == whole.value:
        return
    total = _total(parts)
    apart = total == whole.value
    numbers = "+".join(f"{part.value:g}" for part in parts)
    hint_zh = f"{numbers}恰为{total:g}，各档应是互不包含" if apart else f"{numbers}={total:g}，也不等于总数"
    hint_en = (
        f"{numbers} is just {total:g}, so the bands seem to exclude each other"
        if apart
        else f"{numbers}={total:g} does not fit either"
    )
    message = Label(
        zh=f"{whole.name.zh}为{whole.shown.zh}，而字面上包含其余各档的{widest.name.zh}只有{widest.shown.zh}；{hint_zh}。",
        en=f"{whole.name.en}: {whole.shown.en}, but {widest.name.en}, which by its words holds the other bands, is "
        f"{widest.shown.en}; {hint_en}.",
    )
    yield _told("bands-nested", Severity.WARNING, relation, whole, parts, message)


def _named(relation: Relation, whole: Figure, parts: list[Figure]) -> Found:
    total = _total(parts)
    if total > whole.value + whole.half_unit:
        yield from _part(relation, whole, parts)
    elif total < whole.value - whole.half_unit:
        sum_ = shown(total, whole.unit)
        message = Label(
            zh=f"{whole.name.zh}{whole.shown.zh}，具名的{len(parts)}个项目合计{sum_.zh}（{total / whole.value:.1%}）。",
            en=f"{whole.name.en} {whole.shown.en}; the {len(parts)} projects named sum to {sum_.en} "
            f"({total / whole.value:.1%}).",
        )
        yield _told("named-part", Severity.INFO, relation, whole, parts, message)


def _count(relation: Relation, whole: Figure, parts: list[Figure]) -> Found:
    if len(parts) != whole.value:
        message = Label(
            zh=f"{whole.name.zh}为{whole.shown.zh}，列出{len(parts)}个。",
            en=f"{whole.name.en}: {whole.shown.en}, {len(parts)} are listed.",
        )
        yield _told("count-differs", Severity.WARNING, relation, whole, parts, message)


def _ratio(relation: Relation, whole: Figure, parts: list[Figure]) -> Found:
    part, base = parts
    low = 100 * (part.value - part.half_unit) / (base.value + base.half_unit)
    high = 100 * (part.value + part.half_unit) / (base.value - base.half_unit)
    if low - whole.half_unit <= whole.value <= high + whole.half_unit:
        return
    ratio = 100 * part.value / base.value
    message = Label(
        zh=f"{part.name.zh}{part.shown.zh}除以{base.name.zh}{base.shown.zh}得{ratio:.2f}%，印作{whole.shown.zh}。",
        en=f"{part.name.en} {part.shown.en} over {base.name.en} {base.shown.en} is {ratio:.2f}%, printed {whole.shown.en}.",
    )
    yield _told("ratio-differs", Severity.WARNING, relation, whole, parts, message)


def _shares(relation: Relation, parts: list[Figure]) -> Found:
    """Counts with their shares of one total, in pairs: the totals they imply must overlap."""
    ranges: list[tuple[float, float]] = []
    for count, share in zip(parts[::2], parts[1::2], strict=True):
        # A share may be rounded or cut off, so a whole last digit either way is allowed.
        slack = 2 * share.half_unit
        ranges.append((100 * count.value / (share.value + slack), 100 * count.value / (share.value - slack)))
    if max(low for low, _ in ranges) <= min(high for _, high in ranges):
        return
    pairs = [
        (f"{count.value:g}/{share.value:g}%", 100 * count.value / share.value)
        for count, share in zip(parts[::2], parts[1::2], strict=True)
    ]
    message = Label(
        zh="由各占比推算不一：" + "，".join(f"{pair} 得 {total:.0f}" for pair, total in pairs) + "。",
        en="the shares imply different totals: "
        + ", ".join(f"{pair} gives {total:.0f}" for pair, total in pairs)
        + ".",
    )
    yield _told("shares-differ", Severity.WARNING, relation, None, parts, message)


def _reached(relation: Relation, whole: Figure, parts: list[Figure]) -> Found:
    total = _total(parts)
    if total >= whole.value:
        terms = listed(parts)
        message = Label(
            zh=f"目标{whole.name.zh}{whole.shown.zh}，发布时已达到：{terms.zh}。",
            en=f"the target {whole.name.en} {whole.shown.en} was reached when published: {terms.en}.",
        )
        yield _told("target-already-reached", Severity.INFO, relation, whole, parts, message)


KINDS: dict[str, Callable[[Relation, Figure, list[Figure]], Found]] = {
    "sum": _sum,
    "rest": _rest,
    "part": _part,
    "same": _same,
    "nested": _nested,
    "named": _named,
    "count": _count,
    "ratio": _ratio,
    "reached": _reached,
}

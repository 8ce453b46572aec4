"""The filter's form: groups of options with counts, ranges, years. The declarations say which there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from datasets import vocab
from geo.model.field import Field
from geo.model.fields import Code, Flag, Term
from geo.query import Filter
from geo.query.choices import choices
from geo.query.parameters import LOWER, UPPER, parameters
from webmap.present.conditions import Chip, chips, param_unit
from webmap.present.palette import chain_class, cluster_class, term_class
from webmap.present.reader import Reader

Counts = Mapping[str, Mapping[str, int]]

# The groups that stand in front, in this order; every other declared one is folded under “more”.
FRONT = ("kind", "chain", "segment", "county", "stage")
FRONT_RANGES = ("amount", "area")


@dataclass(frozen=True)
class Option:
    """A box to tick: `param` and `value` as in the query string, `n` the features that it would show."""

    param: str
    value: str
    text: str
    n: int
    checked: bool
    swatch: str = ""
    symbol: str = ""
    note: str = ""


@dataclass(frozen=True)
class Section:
    """Options under one heading; `head` is the option of the heading itself (a whole city)."""

    title: str
    options: tuple[Option, ...]
    swatch: str = ""
    head: Option | None = None

    @property
    def open(self) -> bool:
        """Whether something in it is chosen."""
        return any(option.checked for option in self.options) or bool(self.head and self.head.checked)


@dataclass(frozen=True)
class Group:
    """A parameter's options: `rare` are those that no published feature has, `of` the kinds that it is about."""

    param: str
    label: str
    sections: tuple[Section, ...]
    rare: tuple[Option, ...] = ()
    of: str = ""

    @property
    def open(self) -> bool:
        """Whether something in it is chosen."""
        return any(section.open for section in self.sections) or any(option.checked for option in self.rare)


@dataclass(frozen=True)
class Range:
    """Two bounds in the parameter's unit, as texts."""

    param: str
    label: str
    unit: str
    low: str
    high: str
    of: str = ""

    @property
    def open(self) -> bool:
        """Whether a bound is set."""
        return bool(self.low or self.high)


@dataclass(frozen=True)
class Years:
    """The years that the published features span and the chosen ones, as texts."""

    first: int
    last: int
    chosen_from: str
    chosen_to: str
    counts: Mapping[int, int] = field(default_factory=dict)

    @property
    def span(self) -> list[int]:
        """All years, the first first."""
        return list(range(self.first, self.last + 1))


@dataclass(frozen=True)
class Form:
    """Everything the form's template needs; `others` is the filter without its words, for the search field."""

    groups: tuple[Group, ...]
    more: tuple[Group, ...]
    ranges: tuple[Range, ...]
    more_ranges: tuple[Range, ...]
    years: Years | None
    q: str
    chips: tuple[Chip, ...]
    kept: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str], ...] = ()

    @property
    def more_open(self) -> bool:
        """Whether something in the folded part is set."""
        return any(group.open for group in self.more) or any(each.open for each in self.more_ranges)


def form(wanted: Filter, now: Counts, ever: Counts, years: Mapping[int, int], reader: Reader) -> Form:
    """The form for a filter.

    now: counts by parameter and code under the filter; ever: the same without any filter, which decides what is
    folded away as never used; years: how many features each year has without any filter.
    """
    declared = parameters(reader.kinds)
    build = _Builder(wanted, now, ever, reader)
    fronts = {
        "kind": build.kinds,
        "chain": build.chains,
        "segment": lambda: build.terms("segment", reader.t("filter.segment"), ["segment"]),
        "county": build.units,
    }
    groups = [fronts[param]() if param in fronts else build.declared(param) for param in FRONT if build.has(param)]
    more = [build.declared(param) for param in declared.any if param not in FRONT]
    ranges = {param: build.range(param) for param in declared.ranges}
    bounds = dict(wanted.query())
    return Form(
        groups=tuple(groups),
        more=tuple(group for group in more if group.sections),
        ranges=tuple(ranges[param] for param in FRONT_RANGES if param in ranges),
        more_ranges=tuple(each for param, each in ranges.items() if param not in FRONT_RANGES),
        years=_years(years, bounds),
        q=wanted.q,
        chips=tuple(chips(wanted, reader)),
        # A box on the map or a circle has no field of its own: it stays as it is.
        kept=tuple((name, bounds[name]) for name in ("bbox", "near") if name in bounds),
        others=tuple(wanted.without("q").query()),
    )


def _years(counts: Mapping[int, int], bounds: Mapping[str, str]) -> Years | None:
    known = [year for year, n in counts.items() if year and n]
    if not known:
        return None
    return Years(min(known), max(known), bounds.get("year_from", ""), bounds.get("year_to", ""), counts)


class _Builder:
    """Makes the groups of one form."""

    def __init__(self, wanted: Filter, now: Counts, ever: Counts, reader: Reader) -> None:
        self._now = now
        self._ever = ever
        self._reader = reader
        self._declared = parameters(reader.kinds)
        self._set: dict[str, set[str]] = {}
        for param, value in wanted.active():
            self._set.setdefault(param, set()).add(value)

    def has(self, param: str) -> bool:
        """Whether the parameter exists among these kinds."""
        return param in self._declared.lists

    def option(self, param: str, value: str, text: str, **more: str) -> Option:
        """One box."""
        n = self._now.get(param, {}).get(value, 0)
        return Option(param, value, text, n, value in self._set.get(param, ()), **more)

    def _split(self, options: Iterable[Option]) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
        """Options that some published feature has (or that are chosen), and the others."""
        listed = list(options)
        used = tuple(o for o in listed if o.checked or self._ever.get(o.param, {}).get(o.value, 0))
        return used, tuple(option for option in listed if option not in used)

    def kinds(self) -> Group:
        """The kinds with their symbols."""
        options = (
            self.option("kind", kind.kind, kind.title.text(self._reader.lang), symbol=kind.symbol)
            for kind in self._reader.kinds
        )
        used, rare = self._split(options)
        return Group("kind", self._reader.t("filter.kind"), _sections(used), rare)

    def chains(self) -> Group:
        """The chains by cluster."""
        known = self._reader.world.chains
        lang = self._reader.lang
        sections: list[Section] = []
        rare: list[Option] = []
        for cluster in known.clusters.values():
            options = (
                self.option(
                    "chain",
                    chain.id,
                    chain.label.text(lang),
                    swatch=chain_class(chain.id),
                    note="" if chain.sourced else self._reader.t("filter.unsourced"),
                )
                for chain in known.chains.values()
                if chain.cluster == cluster.id
            )
            used, unused = self._split(options)
            rare += unused
            if used:
                sections.append(Section(cluster.label.text(lang), used, cluster_class(cluster.id)))
        return Group("chain", self._reader.t("filter.chain"), tuple(sections), tuple(rare))

    def units(self) -> Group:
        """Counties under their cities; what is known to the city only has a box of its own."""
        units = self._reader.world.boundaries
        lang = self._reader.lang
        sections = []
        for city in units.cities.values():
            if not self._ever.get("city", {}).get(city.adcode) and city.adcode not in self._set.get("city", ()):
                continue
            options = [self.option("county", code, units.counties[code].name.text(lang)) for code in city.counties]
            if city.adcode not in units.counties:
                options.append(self.option("county", city.adcode, self._reader.t("filter.only_city")))
            used, _ = self._split(options)
            head = self.option("city", city.adcode, self._reader.t("filter.whole_city", name=city.name))
            sections.append(Section(city.name.text(lang), used, head=head))
        return Group("county", self._reader.t("filter.area"), tuple(sections))

    def declared(self, param: str) -> Group:
        """A parameter that fields declare."""
        fields = list(self._declared.any[param].declarations.values())
        label = " / ".join(dict.fromkeys(field.label.text(self._reader.lang) for field in fields))
        if all(isinstance(field, Term) for field in fields):
            names = dict.fromkeys(field.vocabulary for field in fields if isinstance(field, Term))
            group = self.terms(param, label, list(names))
        else:
            group = Group(param, label, _sections(self._codes(param, fields[0])))
        return replace(group, of=self._about(param))

    def _about(self, param: str) -> str:
        """The kinds with a declared parameter, unless that is all: “类别” alone would not say of what."""
        entry = self._declared.any.get(param) or self._declared.ranges[param]
        names = [self._reader.kinds.get(kind).title.text(self._reader.lang) for kind in entry.fields]
        return "" if len(names) == len(self._reader.kinds) else self._reader.t("text.list_separator").join(names)

    def terms(self, param: str, label: str, vocabularies: list[str]) -> Group:
        """The codes of vocabularies in their order."""
        lang = self._reader.lang
        options = (
            self.option(
                param,
                term.code,
                term.label.text(lang),
                swatch=term_class(name, term.code) if term.colour else "",
                note=term.description.text(lang) if term.description else "",
            )
            for name in vocabularies
            for term in vocab.load(name).terms.values()
        )
        used, rare = self._split(options)
        return Group(param, label, _sections(used), rare)

    def _codes(self, param: str, field: Field) -> tuple[Option, ...]:
        """The identifiers that published features have: there may be any number of others."""
        codes = dict.fromkeys((*self._ever.get(param, {}), *self._set.get(param, ())))
        names = choices(param, self._declared, self._reader.kinds, self._reader.world) or {}
        lang = self._reader.lang

        def text(code: str) -> str:
            if code in names:
                return names[code].text(lang)
            other = self._reader.record(field.of, code) if isinstance(field, Code) else None
            return self._reader.title_of(other) if other else code

        options = [self.option(param, code, text(code)) for code in codes]
        if isinstance(field, Flag):
            return tuple(options)
        return tuple(sorted(options, key=lambda option: (-self._ever.get(param, {}).get(option.value, 0), option.text)))

    def range(self, param: str) -> Range:
        """A declared range with what is set."""
        held = self._set
        field = self._declared.ranges[param].any_field
        low, high = ("".join(held.get(param + end, ())) for end in (LOWER, UPPER))
        return Range(
            param, field.label.text(self._reader.lang), param_unit(field, self._reader), low, high, self._about(param)
        )


def _sections(options: tuple[Option, ...]) -> tuple[Section, ...]:
    return (Section("", options),) if options else ()

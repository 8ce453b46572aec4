"""Vocabularies: every file loads, the codes that records rely on are there, and damage is named."""

import pytest

from datasets import vocab
from datasets.errors import DatasetError

CODES = {
    "stage": "talks intent planned signed registered design started building built producing full stalled",
    "plot_status": "reserve available announced granted",
    "park_level": "national provincial municipal county",
    "park_type": "development_zone hightech_zone bonded_zone advanced_manufacturing industry_park "
    "science_park incubator innovation_complex headquarters logistics ecommerce demonstration_base city_complex "
    "cluster platform enclave tourism",
    "land_use": "M0 M1 M2 M3 W1 W2 W3 1001 100101 100102 100103 1101 110101 110102 110103",
    "precision": "surveyed address town district county city",
    "event_type": "signing groundbreaking promotion expo visit meeting contest observation",
    "target_role": "target actual",
    "cooperation_form": "joint_venture sole cooperation equity lease ppp",
    "enterprise_role": "investor local visited partner organiser contractor operator",
    "policy_type": "plan mechanism policy programme campaign agreement honour",
    "segment": "upstream midstream downstream support",
    "currency": "CNY USD EUR HKD",
    "date_precision": "day month quarter year document",
}

GOOD = 'zh = "词"\nen = "Word"\nsource = "test"\n\n[[term]]\ncode = "a"\nzh = "甲"\nen = "A"\norder = 1\n'


@pytest.mark.parametrize("name", sorted(CODES))
def test_codes_stand_in_their_order(name):
    assert vocab.load(name).codes() == tuple(CODES[name].split())


def test_names_are_the_files():
    assert set(vocab.names()) >= set(CODES)
    assert list(vocab.names()) == sorted(vocab.names())


@pytest.mark.parametrize("name", vocab.names())
def test_every_term_has_words_in_both_languages(name):
    for term in vocab.load(name):
        assert any("\u4e00" <= char <= "\u9fff" for char in term.label.zh), term
        assert term.label.en.isascii() and term.label.en, term


@pytest.mark.parametrize("name", vocab.names())
def test_labels_are_told_apart_within_one_coding(name):
    codings = {}
    for term in vocab.load(name):
        codings.setdefault(term.code.isdigit(), []).append(term.label.zh)
    for labels in codings.values():
        assert len(labels) == len(set(labels))


def test_a_term_is_found_by_its_code():
    stage = vocab.load("stage")
    assert stage.get("signed").label.zh == "签约"
    assert stage.label("producing").text("en") == "In production"
    assert "signed" in stage and "sold" not in stage
    assert len(stage) == 12


def test_every_precision_explains_itself_in_a_sentence():
    for term in vocab.load("precision"):
        assert term.description is not None
        assert term.description.zh.endswith("。") and term.description.en.endswith(".")


def test_only_m0_is_marked_local():
    assert [term.code for term in vocab.load("land_use") if term.local] == ["M0"]


def test_unknown_code_lists_the_known_ones():
    with pytest.raises(DatasetError) as caught:
        vocab.load("plot_status").get("sold")
    for text in (caught.value.label.zh, caught.value.label.en):
        assert "sold" in text and "granted" in text and "plot_status" in text


def test_unknown_vocabulary_lists_the_known_ones():
    with pytest.raises(DatasetError, match=r"'stages'.*stage"):
        vocab.load("stages")


def test_a_new_file_is_a_new_vocabulary(tmp_path):
    path = tmp_path / "weather.toml"
    path.write_text(GOOD + '\n[[term]]\ncode = "b"\nzh = "乙"\nen = "B"\norder = 0\n', encoding="utf-8")
    read = vocab.read(path)
    assert (read.name, read.codes()) == ("weather", ("b", "a"))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('zh = "甲"\n', "", ("[[term]] 1 (a)", "key zh", "text")),
        ('en = "A"', 'en = "  "', ("[[term]] 1 (a)", "key en", "text")),
        ("order = 1", 'order = "1"', ("[[term]] 1 (a)", "key order", "whole number")),
        ("order = 1", "order = true", ("[[term]] 1 (a)", "key order", "whole number")),
        ("order = 1", 'order = 1\ncolour = "red"', ("[[term]] 1 (a)", "key colour", "#rrggbb")),
        (
            "order = 1",
            'order = 1\ncolor = "#000000"',
            ("[[term]] 1 (a)", "key color", "unknown key", "colour"),
        ),
        ("order = 1", 'order = 1\ndescription_zh = "述"', ("[[term]] 1 (a)", "key description_en")),
        ("order = 1", "order = 1\nlocal = 1", ("[[term]] 1 (a)", "key local", "true or false")),
        ("order = 1", 'order = 1\n[[term]]\ncode="a"\nzh="乙"\nen="B"\norder=2', ("[[term]] 2 (a)", "twice")),
        ("order = 1", 'order = 1\n[[term]]\ncode="b"\nzh="乙"\nen="B"\norder=1', ("[[term]] 2 (b)", "twice")),
        ('source = "test"', "", ("damaged", "key source")),
        ('source = "test"', 'source = "test"\nsorce = "x"', ("damaged", "key sorce", "unknown key")),
        ('[[term]]\ncode = "a"\nzh = "甲"\nen = "A"\norder = 1\n', "", ("damaged", "no term")),
        ("[[term]]", "[term]", ("[[term]]", "list")),
        ("order = 1", "order = ", ("not valid UTF-8 TOML", "line 9")),
    ],
)
def test_damage_is_named_with_file_entry_key_and_way_out(tmp_path, old, new, words):
    path = tmp_path / "damaged.toml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        vocab.read(path)
    for word in ("damaged.toml", *words):
        assert word in caught.value.label.en
    assert "damaged.toml" in caught.value.label.zh


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DatasetError, match=r"Cannot read .*nowhere\.toml"):
        vocab.read(tmp_path / "nowhere.toml")

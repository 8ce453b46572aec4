"""Vocabularies: code, zh, en, order and sometimes colour. Adding one is adding one TOML file here."""

from datasets.vocab.vocabulary import Term, Vocabulary, load, names, read

__all__ = ["Term", "Vocabulary", "load", "names", "read"]

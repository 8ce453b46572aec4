"""Why a site is not written, in words for whoever asked for it."""

from __future__ import annotations

from datasets.labels import Label


class SiteRefused(RuntimeError):
    """A site that is not written: the label says why and what to do; what stood there before is as it was."""

    def __init__(self, label: Label) -> None:
        super().__init__(label.en)
        self.label = label

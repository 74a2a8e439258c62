"""The formats, in the order in which they are tried: the most particular first."""

from __future__ import annotations

from classifier.exports import (
    apify,
    export_service,
    facebook_download,
    facebook_graph,
    facepager,
    instagram_download,
    instagram_graph,
    linkedin_api,
    linkedin_download,
    post_tables,
    x_api,
    x_archive,
    youtube_api,
    youtube_takeout,
)
from classifier.exports.formats import JsonFormat, TableFormat

__all__ = ["JSON_FORMATS", "TABLE_FORMATS", "format_ids"]

JSON_FORMATS: tuple[JsonFormat, ...] = (
    facebook_download.FORMAT,
    instagram_download.FORMAT,
    x_archive.FORMAT,
    youtube_api.FORMAT,
    linkedin_api.FORMAT,
    x_api.FORMAT,
    facebook_graph.FORMAT,
    instagram_graph.FORMAT,
)
TABLE_FORMATS: tuple[TableFormat, ...] = (
    youtube_takeout.FORMAT,
    linkedin_download.FORMAT,
    post_tables.FORMAT,
    facepager.FORMAT,
    apify.FORMAT,
    export_service.FORMAT,
)


def format_ids() -> tuple[str, ...]:
    """Ids that `--format` accepts.

    Examples
    --------
    >>> format_ids()[-1]
    'table'
    """
    return (*(known.id for known in JSON_FORMATS), *(known.id for known in TABLE_FORMATS), "table")

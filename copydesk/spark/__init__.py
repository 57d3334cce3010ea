"""Cleaning of DataFrames inside Apache Spark.

    from copydesk.spark import Options, clean_articles

    clean = clean_articles(spark.read.parquet("crawl"), Options(changes="none"))

    frame      cleans a DataFrame of raw articles
    rows       converts rows to raw articles, and clean articles to rows
    warc       reads web archives
    session    starts Spark for the command
    job        cleans files in parts, each of them once

Executors need their own installation of Copydesk. They receive only options and limits; each Python worker loads the
tables once.
"""

from copydesk.article import Options
from copydesk.limits import Limits
from copydesk.settings import Settings
from copydesk.spark.frame import clean_articles

__all__ = ["Limits", "Options", "Settings", "clean_articles"]

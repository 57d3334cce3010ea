"""Copydesk inside Apache Spark: what the service does to one article, to a DataFrame of any size.

    from copydesk.spark import Options, clean_articles

    clean = clean_articles(spark.read.parquet("crawl"), Options(changes="none"))

clean_articles    a DataFrame of raw articles becomes one of clean ones     frame.py
columns           how a row is read, and what is written of it              columns.py
warc              web archives, record by record                            warc.py
session           Spark, begun for the command line                         session.py
job               files become files, in parts that are done once each      job.py

Nothing is sent to the executors but options and limits: Copydesk is installed there, and each Python worker loads its
tables once.
"""

from copydesk.article import Options
from copydesk.settings import Settings
from copydesk.spark.frame import clean_articles

__all__ = ["Options", "Settings", "clean_articles"]

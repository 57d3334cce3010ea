"""The settings of the crawl: those of Copydesk are all that is special here."""

BOT_NAME = "courier"
SPIDER_MODULES = ["courier.spiders"]

ITEM_PIPELINES = {"copydesk.client.scrapy.CopydeskPipeline": 300}
COPYDESK_URL = "http://127.0.0.1:8000"
# Which field of an article is which of the item; `domain` comes back and is not sent.
COPYDESK_FIELDS = {"text": "body", "title": "headline", "url": "link", "published": "date", "domain": "site"}
COPYDESK_OPTIONS = {"changes": "summary"}
COPYDESK_ON_ERROR = "keep"

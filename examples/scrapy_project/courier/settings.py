"""The settings of the crawl. Those from `ITEM_PIPELINES` on are Copydesk's."""

BOT_NAME = "courier"
SPIDER_MODULES = ["courier.spiders"]

ITEM_PIPELINES = {"copydesk.client.scrapy.CopydeskPipeline": 300}
COPYDESK_URL = "http://127.0.0.1:8000"
# The item's field for each field of an article. `domain` is an output field.
COPYDESK_FIELDS = {"text": "body", "title": "headline", "url": "link", "published": "date", "domain": "site"}
COPYDESK_OPTIONS = {"changes": "summary"}
COPYDESK_ON_ERROR = "keep"

"""`scrapy crawl stories -a front=http://127.0.0.1:9000/ -O stories.jsonl`."""

from collections.abc import AsyncIterator, Iterator

import scrapy
from scrapy.http import Response

from courier.items import Story


class Stories(scrapy.Spider):
    """Follows the links of a front page and yields each story."""

    name = "stories"
    front = "http://127.0.0.1:9000/"

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Start with the front page."""
        yield scrapy.Request(self.front)

    def parse(self, response: Response) -> Iterator[scrapy.Request]:
        """Follow every link."""
        yield from response.follow_all(response.css("a::attr(href)").getall(), callback=self.parse_story)

    def parse_story(self, response: Response) -> Iterator[Story]:
        """Yield a story."""
        yield Story(
            link=response.url,
            headline=response.css("h1::text").get(),
            body="\n\n".join(response.css("p::text").getall()),
            date=response.css("time::attr(datetime)").get(),
        )

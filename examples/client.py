"""Clean articles with the client of Copydesk: `python examples/client.py [http://127.0.0.1:8000]`."""

import asyncio
import sys
from collections.abc import Iterator

from copydesk.client import AsyncClient, Client, RequestRejected

URL = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"


def read_articles() -> Iterator[tuple[str, dict[str, object]]]:
    """Yield articles with keys, as from a database."""
    for number in range(1, 251):
        yield f"row {number}", {"title": f"Envoyâ€™s answer {number}", "text": "Russiaâ€™s  envoy said no."}
    yield "row 251", {"title": "no text"}


def clean_one() -> None:
    """Clean one article and handle a rejected one."""
    with Client(URL) as client:
        print(client.clean({"text": "Russiaâ€™s  envoy"})["text"])
        try:
            client.clean({"text": "x", "url": "example"})
        except RequestRejected as error:
            print(error.problem["status"], error.problem["detail"])


def clean_many() -> None:
    """Clean many articles in constant memory."""
    with Client(URL, options={"changes": "summary"}) as client:
        for result in client.clean_many(read_articles()):
            if result.problem:
                print(result.key, "has a problem:", result.problem["detail"])


async def clean_many_async() -> None:
    """Clean many articles with asyncio, in any order."""
    async with AsyncClient(URL) as client:
        results = client.clean_many(read_articles(), ordered=False)
        titles = {result.article["title"] async for result in results if result.article}
    print(len(titles), "titles are clean")


if __name__ == "__main__":
    clean_one()
    clean_many()
    asyncio.run(clean_many_async())

"""Clean articles with the client of Copydesk: `python examples/client.py [http://127.0.0.1:8000]`."""

import asyncio
import sys
from collections.abc import Iterator

from copydesk.client import AsyncClient, Client, RequestRejected

URL = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"


def articles() -> Iterator[tuple[str, dict[str, object]]]:
    """Yield articles, each with a key of ours, as a database would."""
    for number in range(1, 251):
        yield f"row {number}", {"title": f"Envoyâ€™s answer {number}", "text": "Russiaâ€™s  envoy said no."}
    yield "row 251", {"title": "no text"}


def one() -> None:
    """Clean one article, and see one refused."""
    with Client(URL) as desk:
        print(desk.clean({"text": "Russiaâ€™s  envoy"})["text"])
        try:
            desk.clean({"text": "x", "url": "example"})
        except RequestRejected as error:
            print(error.problem["status"], error.problem["detail"])


def many() -> None:
    """Clean many: memory stays the same, however many they are."""
    with Client(URL, options={"changes": "summary"}) as desk:
        for result in desk.clean_many(articles()):
            if result.problem:
                print(result.key, "has a problem:", result.problem["detail"])


async def many_at_once() -> None:
    """Do the same with asyncio, in whatever order is fastest."""
    async with AsyncClient(URL) as desk:
        titles = {r.article["title"] async for r in desk.clean_many(articles(), ordered=False) if r.article}
    print(len(titles), "titles are clean")


if __name__ == "__main__":
    one()
    many()
    asyncio.run(many_at_once())

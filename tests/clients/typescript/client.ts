// Calls every operation with openapi-fetch and the types that openapi-typescript generated; prints the results as JSON.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

declare const process: { argv: string[]; stdout: { write(text: string): void } };

type Article = components["schemas"]["RawArticle"];
type Item = components["schemas"]["BatchItem"];

const [url, key] = process.argv.slice(2) as [string, string];
const client = createClient<paths>({ baseUrl: url, headers: { Authorization: `Bearer ${key}` } });
const withoutKey = createClient<paths>({ baseUrl: url });

const PAGE = '<meta charset="utf-8"><p>Кафе закрыто из-за наводнения.</p>';
const FEED = "<rss version='2.0'><channel><item><description>It rains.</description></item></channel></rss>";
const asIs = (body: unknown) => body as string;

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("an error in place of a response");
  return value;
}

function article(item: Item | undefined): components["schemas"]["CleanArticle"] {
  if (item === undefined || !("article" in item)) throw new Error("no article");
  return item.article;
}

async function clean() {
  const body: Article = {
    title: "Envoyâ€™s answer",
    text: "Russiaâ€™s  envoy said “no”.",
    authors: ["By Anna Bell"],
    published: "2024-03-05",
    options: { changes: "summary" },
  };
  const cleaned = present((await client.POST("/v1/articles", { body, params: { query: { quotes: "plain" } } })).data);
  const precision: components["schemas"]["DatePrecision"] | null = cleaned.published_precision;
  if (precision !== "day" || cleaned.changes[0]?.kind !== "mojibake") throw new Error("wrong values");
  const page = present(
    (
      await client.POST("/v1/articles", {
        body: PAGE,
        bodySerializer: asIs,
        headers: { "Content-Type": "text/html; charset=utf-8" },
        params: { query: { url: "https://news.example/a", detect_language: false } },
      })
    ).data,
  );
  const text = present((await client.POST("/v1/text", { body: { text: "Russiaâ€™s envoy" } })).data);
  return {
    cleanArticle: [cleaned.title, cleaned.text, cleaned.authors, cleaned.published],
    page: [page.text, page.encoding?.name, page.domain, page.language.tag],
    cleanText: typeof text === "string" ? text : text.text,
  };
}

async function cleanBatches() {
  const articles: Article[] = [
    { text: "Russiaâ€™s  envoy said “no”.", options: { changes: "summary" } },
    { title: "no text" },
  ];
  const batch = present((await client.POST("/v1/articles/batch", { body: { articles, options: { quotes: "plain" } } })).data);
  if (typeof batch === "string") throw new Error("NDJSON");
  const [first, second] = batch.articles;
  if (second === undefined || !("problem" in second)) throw new Error("no problem");
  const feed = present(
    (
      await client.POST("/v1/articles/batch", {
        body: FEED,
        bodySerializer: asIs,
        headers: { "Content-Type": "application/rss+xml" },
      })
    ).data,
  );
  if (typeof feed === "string") throw new Error("NDJSON");
  return {
    cleanBatch: [article(first).text, second.index, second.problem.errors?.[0]?.pointer],
    feed: article(feed.articles[0]).text,
  };
}

async function askOperations() {
  const metrics = present((await client.GET("/metrics", { parseAs: "text" })).data);
  const yaml = present((await client.GET("/openapi.yaml", { parseAs: "text" })).data);
  const contract: { openapi?: unknown } = present((await client.GET("/openapi.json")).data);
  return {
    getLimits: present((await client.GET("/v1/limits")).data).max_json_depth,
    getLiveness: present((await client.GET("/livez")).data).status,
    getReadiness: present((await client.GET("/readyz")).data).status,
    getMetrics: metrics.includes("copydesk_"),
    getContractAsJson: contract.openapi,
    getContractAsYaml: yaml.slice(0, 8),
  };
}

async function fail() {
  const invalid = (await client.POST("/v1/articles", { body: { title: "no text" } })).error;
  const unauthorized = (await withoutKey.POST("/v1/text", { body: { text: "x" } })).error;
  return { invalid: [invalid?.type, invalid?.errors?.[0]?.pointer], unauthorized: unauthorized?.status };
}

const results = { ...(await clean()), ...(await cleanBatches()), ...(await askOperations()), ...(await fail()) };
process.stdout.write(JSON.stringify(results));

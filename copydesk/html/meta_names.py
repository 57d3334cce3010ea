"""The names of meta elements for each field, most trusted first."""

from __future__ import annotations

TITLE = "og:title parsely-title sailthru.title headline dc.title dcterms.title hdl twitter:title title".split()
SUBTITLE = (
    "og:description sailthru.description description twitter:description dc.description dcterms.description "
    "dcterms.abstract parsely-description".split()
)
AUTHOR = (
    "parsely-author sailthru.author article:author_name byl byline dc.creator dcterms.creator dc.creator.name author "
    "authors citation_author citation_authors article:author og:author og:article:author article_author "
    "article.author cxenseparse:author vr:author content-author shareaholic:article_author_name creator".split()
)
PUBLISHER = "publisher dc.publisher copyright dc.rights dcterms.rightsholder".split()
PUBLISHED = (
    "article:published_time og:article:published_time article:published og:published_time rnews:datepublished "
    "datepublished parsely-pub-date sailthru.date cxenseparse:recs:publishtime cxenseparse:publishtime bt:pubdate "
    "iso-8601-publish-date pubdate pub_date publishdate publish-date publish_date published-date published_time "
    "published publication_date publication-date publicationdate originalpublicationdate article_date_original "
    "article.published dc.date.issued dcterms.issued dc.date dcterms.date dc.date.created dcterms.created "
    "datecreated article:created_time displaydate date ptime pdate".split()
)
MODIFIED = (
    "article:modified_time article:modified og:article:modified_time article:updated_time og:modified_time "
    "datemodified dcterms.modified dc.date.modified article_date_updated lastmod last-modified last_updated_date "
    "revised updated_time og:updated_time".split()
)
LANGUAGE = "inlanguage content-language dc.language dcterms.language language og:locale".split()
SITE = "og:site_name application-name apple-mobile-web-app-title publisher dc.publisher".split()
SECTION = "article:section parsely-section cxenseparse:section prism.section section dc.subject category".split()
TAGS = (
    "article:tag og:article:tag news_keywords parsely-tags sailthru.tags shareaholic:keywords keywords "
    "dc.subject dcterms.subject".split()
)
IMAGE = (
    "og:image og:image:secure_url og:image:url twitter:image twitter:image:src sailthru.image.full thumbnailurl".split()
)

# Values of author fields that do not name a person, in lower case.
PLACEHOLDER_AUTHORS = frozenset(
    "admin|administrator|administrador|administrateur|webmaster|web admin|root|editor|the editor|redaktion|redaction|"
    "redacción|redacao|redação|redactie|redakcja|redakce|toimitus|redazione|la redazione|la rédaction|rédaction|"
    "staff|staff writer|staff reporter|author|auteur|autor|autore|anonymous|unknown|none|null|undefined|n/a|guest|user|"
    "default|editorial|newsroom|newsdesk|news desk|web desk|redaksi|redakcija|redakce|szerkesztőség|редакция".split("|")
)

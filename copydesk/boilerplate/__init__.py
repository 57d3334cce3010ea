"""Lines of a page that are not part of the article, duplicates, and credits."""

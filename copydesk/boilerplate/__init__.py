"""Lines that are not part of the article: boilerplate, duplicates and credits."""

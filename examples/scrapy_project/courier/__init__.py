"""A Scrapy project whose items leave it clean."""

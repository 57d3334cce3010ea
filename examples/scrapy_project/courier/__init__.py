"""A Scrapy project with Copydesk's item pipeline."""

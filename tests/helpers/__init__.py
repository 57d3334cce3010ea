"""Servers, balancers, test data and builders that tests share."""

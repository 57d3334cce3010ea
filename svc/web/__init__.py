"""The edge: HTTP in, HTTP out. The only package that knows Flask."""

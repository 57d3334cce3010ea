"""HTTP concerns shared by all endpoints."""

"""Middleware, compression and storage back ends of the web process."""

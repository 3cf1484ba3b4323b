"""Packages below all content: HTTP, languages, jobs, files, accounts, audit log."""

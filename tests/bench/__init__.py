"""`make bench`: response times of pages, with few records and a hundred times as many.

This is not part of the tests: pytest collects nothing here, and slow pages cause no
failure.
"""

"""`make bench`: what pages cost, and what they cost with a hundred times the records.

Not part of the tests: nothing here is collected, nothing fails for being slow.
"""

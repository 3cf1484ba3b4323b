"""PDF and share image of pages, compiled by typst, in all scripts of the portal."""

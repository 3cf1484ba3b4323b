"""Pages as PDF, and as a picture to share: set by typst, in every script."""

"""Search over the catalogue: the same tokens, folding and score on both databases."""

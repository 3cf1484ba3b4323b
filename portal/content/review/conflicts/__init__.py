"""Three-way merge of record forms that two users edited at the same time."""

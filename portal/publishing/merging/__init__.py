"""Two people at one record: no work of either is lost, and each sees the other's."""

"""Review by a second person: who may approve, and changes that wait for it."""

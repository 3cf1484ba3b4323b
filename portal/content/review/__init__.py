"""Two-person approval: proposed changes, reviewed versions and the rule who may
approve."""

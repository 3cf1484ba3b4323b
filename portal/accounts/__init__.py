"""Import path of the authentication back end in sessions of release 1.0."""

"""Django's makemessages without guesses: a new message gets an empty translation."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    # A guess is a wrong text until somebody reads it.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

"""Django's makemessages without fuzzy matching: new messages are left untranslated."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    # A fuzzy match is a wrong text until a translator corrects it.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

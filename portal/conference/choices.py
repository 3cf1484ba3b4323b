from django.db import models
from django.utils.translation import gettext_lazy as _


class NameOrder(models.TextChoices):
    """Order of the two sides in the title of an edition's document."""

    CHINA_ASEAN = "china-asean", _("China-ASEAN")
    ASEAN_CHINA = "asean-china", _("ASEAN-China")


class OfficeRank(models.TextChoices):
    """Rank of the head of a delegation within the organ."""

    HEAD = "head", _("head of the organ")
    DEPUTY = "deputy", _("deputy of the head")
    OTHER = "other", _("other office")


class DocumentKind(models.TextChoices):
    JOINT_STATEMENT = "joint_statement", _("joint statement")
    DECLARATION = "declaration", _("declaration")
    AGREEMENT = "agreement", _("agreement")
    MOU = "mou", _("memorandum of understanding")
    TREATY = "treaty", _("treaty")


# Types of document that parties conclude with each other.
TREATY_KINDS = (DocumentKind.TREATY, DocumentKind.AGREEMENT, DocumentKind.MOU)


class PartiesBasis(models.TextChoices):
    """How the source names the parties of a document."""

    NAMED = "named", _("each party is named")
    COLLECTIVE = "collective", _("named as a group; the text decides who signed")

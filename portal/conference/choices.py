from django.db import models
from django.utils.translation import gettext_lazy as _


class NameOrder(models.TextChoices):
    """Order of the two sides in the title of an edition's document."""

    CHINA_ASEAN = "china-asean", _("China-ASEAN")
    ASEAN_CHINA = "asean-china", _("ASEAN-China")


class OfficeRank(models.TextChoices):
    """Rank of the head of a delegation within the organ."""

    HEAD = "head", _("head of the organisation")
    DEPUTY = "deputy", _("deputy head")
    OTHER = "other", _("other position")


class DocumentKind(models.TextChoices):
    JOINT_STATEMENT = "joint_statement", _("joint statement")
    DECLARATION = "declaration", _("joint declaration")
    AGREEMENT = "agreement", _("agreement")
    MOU = "mou", _("memorandum of understanding")
    TREATY = "treaty", _("treaty")


# Types of document that parties conclude with each other.
TREATY_KINDS = (DocumentKind.TREATY, DocumentKind.AGREEMENT, DocumentKind.MOU)


class PartiesBasis(models.TextChoices):
    """How the source names the parties of a document."""

    NAMED = "named", _("each party is named in the source")
    COLLECTIVE = "collective", _("named as a group; see the document for who signed")

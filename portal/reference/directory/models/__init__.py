from portal.reference.directory.models.countries import Country
from portal.reference.directory.models.name_changes import NameChange
from portal.reference.directory.models.organs import Organ
from portal.reference.directory.models.parties import NamedParty
from portal.reference.directory.models.places import Place
from portal.reference.directory.models.topics import Topic

__all__ = ["Country", "NameChange", "NamedParty", "Organ", "Place", "Topic"]

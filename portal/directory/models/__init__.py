from portal.directory.models.countries import Country
from portal.directory.models.name_changes import NameChange
from portal.directory.models.organs import Organ
from portal.directory.models.parties import NamedParty
from portal.directory.models.places import Place
from portal.directory.models.topics import Topic

__all__ = ["Country", "NameChange", "NamedParty", "Organ", "Place", "Topic"]

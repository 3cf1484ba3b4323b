from portal.files.models.pictures import Picture
from portal.files.models.stored_files import FileText, StoredFile, stored_path

__all__ = ["FileText", "Picture", "StoredFile", "stored_path"]

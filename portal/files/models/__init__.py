from portal.files.models.pictures import Picture
from portal.files.models.stored_files import (
    FOLDER,
    FileText,
    StoredFile,
    stored_path,
)

__all__ = ["FOLDER", "FileText", "Picture", "StoredFile", "stored_path"]

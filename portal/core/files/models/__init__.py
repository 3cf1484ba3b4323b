from portal.core.files.models.pictures import Picture
from portal.core.files.models.stored_files import (
    STORAGE_FOLDER,
    FileText,
    StoredFile,
    get_storage_path,
)

__all__ = ["STORAGE_FOLDER", "FileText", "Picture", "StoredFile", "get_storage_path"]
